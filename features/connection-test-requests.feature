Feature: Connection test requests
  An operator may leave something out, or mistype it.
  A vault that guesses tests another connection than the one that was meant.

  Rule: A bad request is refused in plain words

    @extended @API-44 @SEC-10
    Scenario: The operator sends requests that are no connection test
      Given an API key that the provider accepts
      When the operator sends these requests, one after the other
        | request                        | status |
        | malformed JSON                 |    400 |
        | a list instead of an object    |    400 |
        | null                           |    400 |
        | no API key                     |    400 |
        | an empty API key               |    400 |
        | an API key that is a number    |    400 |
        | an API key that is a list      |    400 |
        | no provider type               |    400 |
        | an unknown provider type       |    400 |
        | the provider type REST         |    400 |
        | the provider type constructor  |    400 |
        | a provider type that is a list |    400 |
        | a body of 64 KiB and a byte    |    413 |
        | a body of plain text           |    415 |
      Then each of them is refused with the status beside it, in plain words

  Rule: What a request may contain is accepted

    @extended @API-44
    Scenario Outline: The operator sends <request>, which is allowed
      Given an API key that the provider accepts
      When the operator tests the connection with <request>
      Then the vault answers that the connection is secure, and how long that took

      Examples:
        | request                       |
        | a body of 64 KiB              |
        | a media type with a parameter |
        | members that are unknown      |
