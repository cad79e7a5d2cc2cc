Feature: Queue
  A vault that is asked for more than it can do has to say so, and begin with what is urgent.
  One that accepts everything and drops some of it does not keep its promise.

  Rule: A vault works on no more jobs at once than it may, and shows which

    @extended @API-1 @OPS-13
    Scenario: More jobs are asked for than the vault may work on at once
      Given the provider holds back every listing
      When auditors ask for 2 more jobs than the vault may work on at once
      Then it never shows more jobs as processing than it may, and the others as pending
      And the queue drains

    @extended @API-1 @OPS-13 @settings
    Scenario: Jobs wait for a vault that works on one job at a time, and one of them is urgent
      Given a vault that works on 1 job at a time and lets 4 wait
      And it is working on the job "first"
      When the job "urgent" with high priority waits for it
      And 2 jobs wait for it
      Then "first" is seen processing, and the others are seen pending
      And the queue drains

  Rule: A full queue turns requests away, and leaves no trace of them

    Background:
      Given a vault that works on 1 job at a time and lets 4 wait
      And it is working on the job "first"

    @extended @OPS-10 @settings
    Scenario: One job more than may wait is refused
      Given 3 jobs wait for it
      And the job "not urgent" with low priority waits for it
      When an auditor asks for the job "one too many"
      Then the vault asks the auditor to come back later

    @extended @OPS-10 @settings
    Scenario: A full queue refuses an urgent job like any other
      Given 4 jobs wait for it
      When an auditor asks for the job "urgent" with high priority
      Then the vault asks the auditor to come back later

    @extended @OPS-10 @settings
    Scenario: Nothing is left of a refused job
      Given 4 jobs wait for it
      And an auditor asks for the job "one too many"
      And the vault asks the auditor to come back later
      When the queue drains
      And the job "afterwards" with low priority waits for it
      And the queue drains again
      Then nothing was done for the job "one too many"
      And search does not find "one too many"
      And no metadata describes "one too many"

    @extended @OPS-10 @settings
    Scenario: Once the queue has drained there is room for as many as before
      Given 4 jobs wait for it
      And an auditor asks for the job "one too many"
      And the vault asks the auditor to come back later
      And the queue drains
      And it is working on the job "second"
      When the job "one too many" waits for it
      And 3 jobs wait for it
      Then the queue drains

    @extended @OPS-10 @settings
    Scenario: Auditors who ask at once share the places in the queue
      When 20 auditors ask at once for jobs of their own
      Then at most 4 of them are accepted, and the others are asked to come back later
      And the queue drains

    @extended @OPS-11 @settings
    Scenario Outline: A full queue refuses nobody who asks for a job that is <state>
      Given 4 jobs wait for it
      When an auditor asks again for the job "<job>"
      Then the auditor is given the job "<job>" as it was

      Examples:
        | state           | job       |
        | being worked on | first     |
        | already waiting | waiting 3 |

  Rule: Urgent jobs go first

    Background:
      Given a vault that works on 1 job at a time and lets 4 wait
      And it is working on the job "first"

    @extended @OPS-12 @settings
    Scenario: Jobs of every priority wait
      Given jobs with the priorities low, none, normal, high wait for it
      When the queue drains
      Then the waiting jobs are begun in the order of their priorities

    @extended @CON-11 @OPS-12 @settings
    Scenario: Asking again for a waiting job does not change its priority
      Given the job "early" with low priority waits for it
      And the job "late" with normal priority waits for it
      And an auditor asks again for the job "early" with high priority
      And the auditor is given the job "early" as it was
      When the queue drains
      Then the job "late" is begun before the job "early"
