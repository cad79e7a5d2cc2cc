Feature: Orphaned metadata
  When metadata describes an object that storage has lost, that itself is evidence.
  A vault that hides it makes the loss impossible to prove.

  Rule: A lost object is reported as lost, never as empty and never as unknown

    Background:
      Given a log "payment" ingested from "aws_cloudtrail"

    @core @CON-1
    Scenario: The auditor asks for a log whose object was deleted
      Given the object of "payment" was deleted from storage
      When the auditor retrieves the raw log "payment"
      Then the vault does not answer as if the content were there
      And search finds "payment" once

    @core @CON-1
    Scenario: A log that was read before its object was deleted
      Given the auditor has read the raw log "payment"
      And the object of "payment" was deleted from storage
      When the auditor retrieves the raw log "payment"
      Then the vault does not answer as if the content were there

    @extended @CON-2
    Scenario: The auditor asks for a lost log only if it has changed
      Given the auditor retrieves the raw log "payment"
      And the object of "payment" was deleted from storage
      When the auditor asks for the raw log "payment" only if it has changed
      Then the vault answers that the raw content of "payment" is missing, and names its checksum

    @extended @CON-2
    Scenario: The answer says exactly what was lost
      Given the object of "payment" was deleted from storage
      When the auditor retrieves the raw log "payment"
      Then the vault answers that the raw content of "payment" is missing, and names its checksum
      And the answer must not be cached
      And the metadata of "payment" is unchanged

    @extended @CON-2
    Scenario: A log that never existed is unknown, not missing
      When the auditor retrieves the raw log called log_0123456789abcdef01234567
      Then the vault answers that there is no such log

    @extended @CON-3
    Scenario: The object is put back
      Given the object of "payment" was deleted from storage
      And the auditor retrieves the raw log "payment"
      And the vault answers that the raw content of "payment" is missing, and names its checksum
      When the object of "payment" is put back
      Then the raw log "payment" is byte for byte what the provider served

  Rule: A job does not complete while an object of its range is lost

    @extended @API-2
    Scenario Outline: A range of 3 logs is ingested again after the object of "<lost>" was lost
      Given the provider "okta_system_log" offers 3 logs
      And the vault ingested the provider's logs, and the job completed
      And the object of "<lost>" was deleted from storage
      When the vault ingests the provider's logs again
      Then the job completed only if "<lost>" can be read

      Examples:
        | lost  |
        | log 1 |
        | log 3 |

    @extended @API-2
    Scenario: The provider changes the date of a log whose object was lost
      Given the provider "okta_system_log" offers the log "login"
      And the vault ingested the provider's logs, and the job completed
      And the object of "login" was deleted from storage
      And the provider now says that "login" happened a day later
      When the vault ingests the provider's logs again
      Then the job completed only if "login" can be read

    @extended @CON-7 @FID-2
    Scenario: The provider changes the bytes of a log whose object was lost
      Given a log "payment" ingested from "aws_cloudtrail"
      And the object of "payment" was deleted from storage
      And the provider now serves different bytes for "payment"
      When the vault ingests the provider's logs again
      Then the job completed only if "payment" can be read
      And the raw log "payment" is served only as its metadata describes it

  Rule: A tampered object can be recognised

    @extended @CON-4
    Scenario Outline: Somebody <tampering> a stored object
      Given a log "payment" ingested from "aws_cloudtrail"
      And the auditor has read the raw log "payment"
      And somebody <tampering> the object of "payment"
      When the auditor retrieves the raw log "payment"
      Then the vault serves the bytes that are stored
      And the answer carries the checksum of "payment" recorded at ingestion
      And the checksum that the auditor computes shows the change

      Examples:
        | tampering                  |
        | changed one byte of        |
        | cut off the second half of |
        | added a line to            |
        | emptied                    |

    @extended @CON-4 @CON-7
    Scenario Outline: Somebody <tampering> a stored object, and its range is ingested again
      Given a log "payment" ingested from "aws_cloudtrail"
      And somebody <tampering> the object of "payment"
      And the vault ingests the provider's logs again
      When the auditor retrieves the raw log "payment"
      Then the vault serves the bytes that are stored
      And the answer carries the checksum of "payment" recorded at ingestion
      And the checksum that the auditor computes shows the change

      Examples:
        | tampering                  |
        | changed one byte of        |
        | cut off the second half of |
