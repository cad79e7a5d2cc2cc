@restart
Feature: Configuration
  An operator sets as little as possible.
  A vault with other defaults than the documented ones behaves differently from what its operator expects.

  Rule: A vault uses the documented defaults where it is told nothing else

    @extended @OPS-7 @settings
    Scenario: An upload is tried again by default
      Given a vault that is told only where its provider and its stores are
      And the provider "aws_cloudtrail" offers the log "login"
      And storage answers every upload of "login" with "503 SlowDown"
      When the vault ingests the provider's logs
      Then the job fails with the code "storage_unavailable"
      And "login" was uploaded as often as the retry policy allows
      And the vault waited between the uploads of "login" as its retry policy demands

    @extended @OPS-7 @OPS-13 @settings
    Scenario: More jobs are asked for than the vault may work on by default
      Given a vault that is told only where its provider and its stores are
      And the provider holds back every listing
      When auditors ask for 2 more jobs than the vault may work on at once
      Then it never shows more jobs as processing than it may, and the others as pending
      And the queue drains
