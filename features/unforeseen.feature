@programs
Feature: The unforeseen
  The other features try what somebody thought of. Here chance draws what clients do, what fails
  meanwhile, and in which order; the run's seed draws the same again. Once all is healed, every log is
  to be had, and nothing that the vault said on the way may have been false.

  Rule: Whatever happens in whatever order, no promise is broken

    @extended @API-2 @FID-4
    Scenario Outline: <clients> at once, round <round>
      Then in round <round> the vault keeps its promises to <clients> at once, whatever chance has drawn for them

      Examples:
        | round | clients   |
        |     1 |  1 client |
        |     2 |  1 client |
        |     3 | 2 clients |
        |     4 | 2 clients |
