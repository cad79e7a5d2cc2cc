Feature: Object first
  A log is stored in two places, and a vault may be interrupted in between.
  A vault that describes what is not stored, or writes over what is, cannot be believed.

  Rule: Metadata appears only after its object is stored

    @extended @CON-5
    Scenario: A log cannot be found while its upload hangs
      Given the provider "aws_cloudtrail" offers the log "payment"
      And storage answers every upload of "payment" with "silence"
      When the vault has begun to upload "payment"
      Then search never finds "payment" while its upload hangs
      And no metadata describes "payment"
      When storage recovers
      Then the job completes
      And the raw log "payment" is byte for byte what the provider served

  Rule: An object without metadata is adopted by the next attempt

    @extended @CON-6
    Scenario: An earlier attempt stored the object but not its metadata
      Given the provider "aws_cloudtrail" offers the log "payment"
      And the object of "payment" was stored by an attempt that could not write its metadata
      When the vault ingests the provider's logs
      Then the job completes
      And search finds "payment" once
      And each log has one record and one object
      And the raw log "payment" is byte for byte what the provider served

    @extended @CON-6 @CON-7
    Scenario Outline: The provider's bytes changed after the object was stored: <bytes>
      Given the provider "aws_cloudtrail" offers the log "payment"
      And the object of "payment" was stored by an attempt that could not write its metadata
      And the provider now serves <bytes> for "payment"
      When the vault ingests the provider's logs
      Then the job completes
      And the object of "payment" still holds the bytes first stored
      And the raw answer, search, metadata and the stored object agree on the checksum of "payment"

      Examples:
        | bytes                              |
        | different bytes                    |
        | different bytes of the same length |

    @extended @CON-6 @CON-7
    Scenario: The provider's bytes changed, and the stored object cannot be read
      Given the provider "aws_cloudtrail" offers the log "payment"
      And the object of "payment" was stored by an attempt that could not write its metadata
      And the provider now serves different bytes for "payment"
      And storage answers every read of "payment" with "503 SlowDown"
      When the vault ingests the provider's logs
      Then the job fails with the code "storage_unavailable"
      And no metadata describes "payment"

    @extended @CON-6 @CON-7
    Scenario: The provider fills an empty log after its object was stored
      Given the provider "aws_cloudtrail" offers the log "payment", which is empty, sent with its digest
      And the object of "payment" was stored by an attempt that could not write its metadata
      And the provider now serves different bytes for "payment"
      When the vault ingests the provider's logs
      Then the job completes
      And the object of "payment" still holds the bytes first stored
      And the raw answer, search, metadata and the stored object agree on the checksum of "payment"

  Rule: What is stored is never overwritten

    @extended @CON-7
    Scenario: A log is ingested again after the provider changed its bytes
      Given a log "payment" ingested from "aws_cloudtrail"
      And the provider now serves different bytes for "payment"
      When the vault ingests the provider's logs again
      Then the job completes
      And the object of "payment" still holds the bytes first stored
      And the metadata of "payment" is unchanged
      And it counts no logs
