Feature: Refused searches
  An auditor mistypes a limit or an offset.
  A vault that guesses shows another part of the list than the one that was asked for.

  Rule: A bad search is refused

    @extended @API-34
    Scenario Outline: The auditor searches with the <member> "<value>"
      When the auditor searches with a limit or an offset such as "<member>=<value>"
      Then the request is refused with 400, in plain words

      Examples:
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

    @extended @API-34
    Scenario Outline: The unusual <member> "<value>" is refused or understood
      Given the vault ingested 3 logs
      When the auditor searches with a limit or an offset such as "<member>=<value>"
      Then the vault refuses the search in plain words, or finds <logs> of 3 logs

      Examples:
        | member | value                | logs |
        | limit  |                      |    3 |
        | limit  |                  1e3 |    3 |
        | limit  | ٣                    |    3 |
        | offset |                      |    3 |
        | offset | 99999999999999999999 |    0 |
