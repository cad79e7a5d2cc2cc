@restart
Feature: Configuration
  An operator starts a vault with as few words as may be.
  A vault with defaults of its own behaves otherwise than its operator was told.

  Rule: Where a vault is told nothing else it goes by the defaults that everybody knows

    @extended @OPS-7 @settings
    Scenario: The vault is told nothing but where to find everything
      Given a vault that was told nothing but where to find everything
      And the provider "aws_cloudtrail" offers the log "login"
      And storage answers every upload of "login" with "503 SlowDown"
      When the vault ingests the provider's logs
      Then the job fails with the code "storage_unavailable"
      And "login" was uploaded as often as the retry policy allows
      And the vault waited between the uploads of "login" as its retry policy demands

    @extended @OPS-7 @OPS-13 @settings
    Scenario: A vault that was told nothing is asked for more than it may do at once
      Given a vault that was told nothing but where to find everything
      And the provider lists nothing for the time being
      When auditors ask for 2 jobs more than the vault may work on at once
      Then no more than that are ever seen processing, those held up among them, and the others pending
      And all of them complete
