Feature: Refused requests
  A client makes mistakes: in a date, in a name, in a priority.
  A vault that guesses collects what nobody asked for; one that does not say what is wrong is asked again and again.

  Rule: A bad request is refused in plain words

    @extended @API-12 @SEC-3
    Scenario: A day or an hour does not exist
      When a client sends these requests, one after the other
        | request                               |
        | whose start is "2026-02-30T00:00:00Z" |
        | whose end is "2027-02-29T00:00:00Z"   |
        | whose start is "2100-02-29T00:00:00Z" |
        | whose end is "2026-06-31T00:00:00Z"   |
        | whose start is "2026-11-31T00:00:00Z" |
        | whose start is "2026-13-01T00:00:00Z" |
        | whose start is "2026-01-00T00:00:00Z" |
        | whose end is "2026-01-01T24:00:00Z"   |
        | whose start is "2026-01-01T12:60:00Z" |
        | whose end is "2026-01-01T12:00:61Z"   |
      Then each of them is refused with 400, in plain words

    @extended @API-12 @SEC-3
    Scenario: A time is not one of RFC 3339 in UTC
      When a client sends these requests, one after the other
        | request                                        |
        | whose start is "2026-01-01"                    |
        | whose end is "2026-01-01T12:00:00"             |
        | whose start is "2026-01-01T12:00:00+02:00"     |
        | whose start is "2026-01-01T12:00:00+0000"      |
        | whose end is "2026-01-01T12:00:00 UTC"         |
        | whose start is "2026-01-01T12:00Z"             |
        | whose end is "2026-01-01T12:00:00,5Z"          |
        | whose start is "2026-01-01T12:00:00.Z"         |
        | whose end is "20260101T120000Z"                |
        | whose start is "2026-W01-4T12:00:00Z"          |
        | whose end is "2026-1-1T12:00:00Z"              |
        | whose start is "+002026-01-01T12:00:00Z"       |
        | whose end is "２０２６-01-01T12:00:00Z"        |
        | whose start is " 2026-01-01T12:00:00Z"         |
        | whose end is "2026-01-01T12:00:00Z\\n"         |
        | whose start is "Thu, 01 Jan 2026 12:00:00 GMT" |
        | whose end is "1767268800"                      |
        | whose end is ""                                |
      Then each of them is refused with 400, in plain words

    @extended @API-12 @SEC-3
    Scenario: A time or a range is missing, or of another type
      When a client sends these requests, one after the other
        | request                                                        |
        | whose start is missing                                         |
        | whose end is missing                                           |
        | whose start is null                                            |
        | whose start is 1767268800000                                   |
        | whose start is true                                            |
        | whose end is ["2026-01-01T12:00:00Z"]                          |
        | whose start is {"$gt":""}                                      |
        | whose range is missing                                         |
        | whose range is null                                            |
        | whose range is 42                                              |
        | whose range is "2026-01-01T00:00:00Z/2026-01-02T00:00:00Z"     |
        | whose range is ["2026-01-01T00:00:00Z","2026-01-02T00:00:00Z"] |
      Then each of them is refused with 400, in plain words

    @extended @API-12 @SEC-3
    Scenario: The provider is not known
      When a client sends these requests, one after the other
        | request                                |
        | whose provider is "nobody"             |
        | whose provider is "OKTA_SYSTEM_LOG"    |
        | whose provider is "okta_system_log "   |
        | whose provider is "system_log"         |
        | whose provider is "../okta_system_log" |
        | whose provider is "constructor"        |
        | whose provider is "__proto__"          |
        | whose provider is ""                   |
        | whose provider is missing              |
        | whose provider is null                 |
        | whose provider is ["okta_system_log"]  |
        | whose provider is {"$ne":null}         |
      Then each of them is refused with 400, in plain words

    @extended @API-12 @SEC-3
    Scenario: The priority is not known
      When a client sends these requests, one after the other
        | request                    |
        | whose priority is "urgent" |
        | whose priority is "HIGH"   |
        | whose priority is ""       |
        | whose priority is 1        |
        | whose priority is ["high"] |
        | whose priority is {}       |
      Then each of them is refused with 400, in plain words

    @extended @API-12 @SEC-3
    Scenario: A range ends before it starts, or when it starts
      When a client sends these requests, one after the other
        | request                                                 |
        | from 2026-01-02T00:00:00Z to 2026-01-01T00:00:00Z       |
        | from 2026-01-01T12:00:00.5Z to 2026-01-01T12:00:00Z     |
        | from 2026-01-01T12:00:00Z to 2026-01-01T12:00:00Z       |
        | from 2026-01-01T12:00:00Z to 2026-01-01T12:00:00+00:00  |
        | from 2026-01-01T12:00:00Z to 2026-01-01T12:00:00.000Z   |
        | from 2026-01-01T12:00:00.500Z to 2026-01-01T12:00:00.5Z |
      Then each of them is refused with 400, in plain words

  Rule: A refused request leaves no trace

    @extended @API-14
    Scenario: Refused requests leave no trace
      When a client sends these requests, one after the other
        | request                                           | status |
        | whose start is "2026-02-30T00:00:00Z"             |    400 |
        | whose end is "2026-01-01T12:00:00+02:00"          |    400 |
        | whose end is missing                              |    400 |
        | whose provider is "nobody"                        |    400 |
        | whose provider is missing                         |    400 |
        | whose priority is "urgent"                        |    400 |
        | followed by a second one                          |    400 |
        | as a list with one request in it                  |    400 |
        | from 2026-01-02T00:00:00Z to 2026-01-01T00:00:00Z |    400 |
        | declared as text/plain                            |    415 |
        | of 65537 bytes, one byte each                     |    413 |
      Then each of them is refused with the status beside it, in plain words
      And the next ingestion finds nothing of them
