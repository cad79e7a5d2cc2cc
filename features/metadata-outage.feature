Feature: Metadata outage
  A database restarts while evidence keeps arriving.
  A vault that mistakes an outage for an empty database tells an auditor that nothing ever happened.

  Rule: Every job survives an outage of up to a second

    @extended @RES-30
    Scenario Outline: MongoDB is away for a moment while <moment>
      Given the provider "okta_system_log" offers 3 logs
      And the vault works while <moment>
      When MongoDB is away for a moment and the work continues
      Then the job completes
      And it counts 3 logs, to the byte

      Examples:
        | moment                       |
        | a payload is being fetched   |
        | a manifest is being uploaded |

  Rule: Nobody is told that there is nothing while the vault cannot know

    @extended @RES-31
    Scenario: An auditor searches while MongoDB is away for a moment
      Given a log "payment" ingested from "aws_cloudtrail"
      When the auditor searches while MongoDB is away for a moment
      Then each search finds "payment" or says when to ask again

    @extended @RES-32 @RES-33 @RES-34
    Scenario Outline: MongoDB is <away> for longer than any client waits
      Given a log "payment" ingested from "aws_cloudtrail"
      And the provider "okta_system_log" offers the log "login"
      And the vault works while a payload is being fetched
      When MongoDB is <away> until every call that needs it has been answered
      Then each answer says within the time allowed that the vault cannot know now, and when to ask again
      And the vault serves again without help
      And the job ends as completed, or as failed because MongoDB was away
      When the vault ingests the provider's logs again
      Then the job completes

      Examples:
        | away    |
        | cut off |
        | silent  |
