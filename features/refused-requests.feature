Feature: Refused requests
  A client makes mistakes: in a date, in a name, in a priority.
  A vault that guesses collects what nobody asked for; one that does not say what is wrong is asked again and again.

  Rule: A bad request is refused in plain words

    @extended @API-12 @SEC-3
    Scenario Outline: A request whose <member> is <value> is refused
      When a client sends a request whose <member> is <value>
      Then the request is refused with 400, in plain words

      Examples: days and hours that do not exist
        | member | value                  |
        | start  | "2026-02-30T00:00:00Z" |
        | end    | "2027-02-29T00:00:00Z" |
        | start  | "2100-02-29T00:00:00Z" |
        | end    | "2026-04-31T00:00:00Z" |
        | end    | "2026-06-31T00:00:00Z" |
        | start  | "2026-11-31T00:00:00Z" |
        | start  | "2026-13-01T00:00:00Z" |
        | end    | "2026-00-10T00:00:00Z" |
        | start  | "2026-01-00T00:00:00Z" |
        | end    | "2026-01-32T00:00:00Z" |
        | start  | "2026-01-01T25:00:00Z" |
        | end    | "2026-01-01T24:00:00Z" |
        | start  | "2026-01-01T12:60:00Z" |
        | end    | "2026-01-01T12:00:61Z" |

      Examples: times that are not RFC 3339 in UTC
        | member | value                           |
        | start  | "2026-01-01"                    |
        | end    | "2026-01-01T12:00:00"           |
        | start  | "2026-01-01T12:00:00+02:00"     |
        | end    | "2026-01-01T12:00:00-02:00"     |
        | start  | "2026-01-01T12:00:00+0000"      |
        | end    | "2026-01-01T12:00:00 UTC"       |
        | start  | "2026-01-01T12:00Z"             |
        | end    | "2026-01-01T12:00:00,5Z"        |
        | start  | "2026-01-01T12:00:00.Z"         |
        | end    | "20260101T120000Z"              |
        | start  | "2026-W01-4T12:00:00Z"          |
        | end    | "2026-1-1T12:00:00Z"            |
        | start  | "+002026-01-01T12:00:00Z"       |
        | end    | "２０２６-01-01T12:00:00Z"      |
        | start  | " 2026-01-01T12:00:00Z"         |
        | end    | "2026-01-01T12:00:00Z\\n"       |
        | start  | "Thu, 01 Jan 2026 12:00:00 GMT" |
        | end    | "1767268800"                    |
        | start  | "yesterday"                     |
        | end    | ""                              |

      Examples: times that are missing or not a text
        | member | value                    |
        | start  | missing                  |
        | end    | missing                  |
        | start  | null                     |
        | end    | null                     |
        | start  |            1767268800000 |
        | end    |            1767268800000 |
        | start  | true                     |
        | end    | ["2026-01-01T12:00:00Z"] |
        | start  | {"$gt":""}               |

      Examples: ranges that are not a range
        | member | value                                           |
        | range  | missing                                         |
        | range  | null                                            |
        | range  |                                              42 |
        | range  | "2026-01-01T00:00:00Z/2026-01-02T00:00:00Z"     |
        | range  | ["2026-01-01T00:00:00Z","2026-01-02T00:00:00Z"] |

      Examples: providers that are not known
        | member   | value                          |
        | provider | "nobody"                       |
        | provider | "OKTA_SYSTEM_LOG"              |
        | provider | "okta_system_log "             |
        | provider | "system_log"                   |
        | provider | "okta_system_log,github_audit" |
        | provider | "../okta_system_log"           |
        | provider | "constructor"                  |
        | provider | "__proto__"                    |
        | provider | ""                             |
        | provider | missing                        |
        | provider | null                           |
        | provider |                              0 |
        | provider | ["okta_system_log"]            |
        | provider | {"$ne":null}                   |

      Examples: priorities that are not known
        | member   | value    |
        | priority | "urgent" |
        | priority | "HIGH"   |
        | priority | ""       |
        | priority |        1 |
        | priority | true     |
        | priority | ["high"] |
        | priority | {}       |

    @extended @API-12 @SEC-3
    Scenario Outline: A range that ends <when it ends> is refused
      When a client sends a request from <start> to <end>
      Then the request is refused with 400, in plain words

      Examples:
        | when it ends                        | start                    | end                       |
        | a day before it starts              |     2026-01-02T00:00:00Z |      2026-01-01T00:00:00Z |
        | half a second before it starts      |   2026-01-01T12:00:00.5Z |      2026-01-01T12:00:00Z |
        | when it starts                      |     2026-01-01T12:00:00Z |      2026-01-01T12:00:00Z |
        | when it starts, in another spelling |     2026-01-01T12:00:00Z | 2026-01-01T12:00:00+00:00 |
        | when it starts, with other decimals |     2026-01-01T12:00:00Z |  2026-01-01T12:00:00.000Z |
        | when it starts, with fewer decimals | 2026-01-01T12:00:00.500Z |    2026-01-01T12:00:00.5Z |

  Rule: A refused request leaves no trace

    @extended @API-14
    Scenario Outline: A request <request> leaves no trace
      When a client sends a request <request>
      Then the request is refused with <status>, in plain words
      And the next ingestion finds nothing of it

      Examples:
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
