Feature: Refused searches
  An auditor mistypes a limit or an offset.
  A vault that guesses shows another part of the list than the one that was asked for.

  Rule: A bad search is refused

    @extended @API-34
    Scenario: The limit or the offset of a search is none
      When the auditor makes these searches, one after the other
        | member | value                |
        | limit  |                    0 |
        | limit  |                 1001 |
        | limit  |                   -1 |
        | limit  |                  1.5 |
        | limit  | abc                  |
        | limit  |                 10px |
        | limit  |                  1e4 |
        | limit  | 99999999999999999999 |
        | offset |                   -1 |
        | offset |                  1.5 |
        | offset | abc                  |
        | offset |                 10px |
      Then each of them is refused with 400, in plain words

    @extended @API-34
    Scenario: The limit or the offset of a search is unusual
      Given the vault ingested 3 logs
      When the auditor makes these searches, one after the other
        | member | value                | logs |
        | limit  |                      |    3 |
        | limit  |                  1e3 |    3 |
        | limit  | ٣                    |    3 |
        | offset |                      |    3 |
        | offset | 99999999999999999999 |    0 |
      Then the vault refuses each in plain words, or finds as many of the 3 logs as stand beside it
