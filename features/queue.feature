Feature: Queue
  A vault that is asked for more than it can do has to say so, and begin with what is urgent.
  One that accepts everything and drops some of it does not keep its promise.

  Rule: A vault works on no more jobs at once than it may, and shows which

    @extended @API-1 @OPS-13
    Scenario: More jobs are asked for than the vault may work on at once
      Given the provider holds back every listing
      When auditors ask for 2 more jobs than the vault may work on at once
      Then it never shows more jobs as processing than it may, and the others as pending
      And all of them complete

    @extended @API-1 @OPS-13 @settings
    Scenario: A vault that works on one job at a time
      Given a vault that works on 1 job at a time and lets 4 wait
      And it is held up by the job "running"
      When auditors ask for the jobs "w1, w2, w3"
      Then "running" is seen processing, and the others are seen pending
      And all of them complete

    @extended @API-1 @OPS-13 @settings
    Scenario: An urgent job does not make the vault work on more jobs at once
      Given a vault that works on 1 job at a time and lets 4 wait
      And it is held up by the job "running"
      When auditors ask for the jobs "high 1, w2"
      Then "running" is seen processing, and the others are seen pending
      And all of them complete

  Rule: A full queue turns requests away, and leaves no trace of them

    Background:
      Given a vault that works on 1 job at a time and lets 4 wait
      And it is held up by the job "running"

    @extended @OPS-10 @settings
    Scenario: One job more than may wait is refused
      Given the jobs "w1, w2, w3, low 4" wait
      When an auditor asks for the job "one too many"
      Then the vault asks the auditor to come back later

    @extended @OPS-10 @settings
    Scenario: A full queue refuses an urgent job like any other
      Given the jobs "w1, w2, w3, w4" wait
      When an auditor asks for the job "high 5"
      Then the vault asks the auditor to come back later

    @extended @OPS-10 @settings
    Scenario: Nothing is left of a refused job
      Given the jobs "w1, w2, w3, w4" wait
      And the vault refused the job "one too many"
      When the queue has drained
      And the job "low afterwards" has completed
      Then nothing was done for the job "one too many"
      And search does not find "one too many"
      And no metadata describes "one too many"

    @extended @OPS-10 @settings
    Scenario: Once the queue has drained there is room for as many as before
      Given the jobs "w1, w2, w3, w4" wait
      And the vault refused the job "one too many"
      And the queue has drained
      And it is held up by the job "running again"
      When an auditor asks for the jobs "one too many, x1, x2, x3"
      Then every one of them is accepted
      And all of them complete

    @extended @OPS-10 @settings
    Scenario: Auditors who ask at once share the places in the queue
      When 20 auditors ask at once for jobs of their own
      Then at most 4 of them are accepted, and the others are asked to come back later
      And all of them complete

    @extended @OPS-11 @settings
    Scenario Outline: A full queue refuses nobody who asks for a job that is <state>
      Given the jobs "w1, w2, w3, w4" wait
      When an auditor asks again for the job "<job>"
      Then the auditor is given the job "<job>" as it was

      Examples:
        | state             | job     |
        | already under way | running |
        | already waiting   | w3      |

  Rule: Urgent jobs go first

    Background:
      Given a vault that works on 1 job at a time and lets 4 wait
      And it is held up by the job "running"

    @extended @OPS-12 @settings
    Scenario Outline: Jobs of every priority wait: <jobs>
      Given the jobs "<jobs>" wait
      When the queue has drained
      Then the jobs were begun in the order of their priorities

      Examples:
        | jobs                         |
        | low, unranked, normal, high  |
        | high, low 1, low 2, unranked |
        | normal, low, high 1, high 2  |

    @extended @CON-11 @OPS-12 @settings
    Scenario: Asking again for a waiting job does not change its priority
      Given the jobs "low, normal" wait
      And an auditor asks again for the job "low", now with the priority "high"
      When the queue has drained
      Then the job "normal" was begun before the job "low"
