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
