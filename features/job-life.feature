Feature: Job life
  An auditor plans by what a job says of itself.
  A job that takes its word back cannot be planned by.

  Rule: A job only ever goes forward, and what ended has ended

    @core @API-1 @API-2
    Scenario: An ingestion is watched from its acceptance to well past its end
      Given the provider "okta_system_log" offers 30 distinct logs
      When the vault ingests the provider's logs
      Then the job completes
      And the job was never seen going backwards
      And the job stays as it ended

    @extended @API-1
    Scenario: A failed job stays failed
      Given the provider "okta_system_log" offers the log "login"
      And storage answers every upload of "login" with "403 AccessDenied"
      When the vault ingests the provider's logs
      Then the job fails with the code "storage_rejected"
      And the job stays as it ended

  Rule: A job may take as long as its work does

    @extended @API-1 @API-20
    Scenario: A job takes longer than its lease
      Given the provider "okta_system_log" offers 8 distinct logs
      And it lists 1 logs a page
      And it takes longer over the 8 pages than a lease lasts
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 8 records and their bytes
