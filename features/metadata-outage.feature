Feature: Metadata outage
  A database restarts while evidence goes on arriving.
  A vault that takes silence for emptiness tells an auditor that nothing ever happened.

  Rule: An absence of up to a second is survived by every job

    @extended @RES-30
    Scenario Outline: MongoDB is away for a moment while <moment>
      Given the provider "okta_system_log" offers 3 distinct logs
      And the vault works while <moment>
      When MongoDB is away for a moment and the work goes on
      Then the job completes
      And it counts 3 records and their bytes

      Examples:
        | moment                   |
        | a payload is on its way  |
        | a manifest is on its way |

  Rule: Nobody is told that there is nothing while nobody can know

    @extended @RES-31
    Scenario: An auditor searches while MongoDB is away for a moment
      Given a log "payment" ingested from "aws_cloudtrail"
      When the auditor searches while MongoDB is away for a moment
      Then each search finds "payment", or says when to ask again

    @extended @RES-32 @RES-33 @RES-34
    Scenario: MongoDB is away for longer than anybody waits
      Given a log "payment" ingested from "aws_cloudtrail"
      And the provider "okta_system_log" offers the log "login"
      And the vault works while a payload is on its way
      When MongoDB is away until every question that needs it is answered
      Then each answer says in time that nobody knows now, and when to ask again
      And the vault serves again by itself
      And the job ends completed, or failed for want of MongoDB
      And the next ingestion completes
