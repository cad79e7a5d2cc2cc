Feature: Refused requests
  A client makes mistakes: in a date, in a name, in the whole request.
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

    @extended @API-12 @SEC-3
    Scenario Outline: A request sent <how> is refused
      When a client sends a request <how>
      Then the request is refused with 400, in plain words

      Examples: not JSON
        | how                      |
        | without a body           |
        | as white space alone     |
        | cut off half-way         |
        | followed by a second one |
        | followed by a word       |
        | with one comma too many  |
        | with a comment           |
        | in single quotes         |
        | with NaN in it           |
        | in UTF-16                |
        | as a form                |

      Examples: JSON, but not an ingestion
        | how                              |
        | as an empty object               |
        | as an empty list                 |
        | as a list with one request in it |
        | as lists 20,000 deep             |
        | as a string of JSON              |
        | as the word null                 |
        | as the word true                 |
        | as a number                      |

    @extended @API-13 @SEC-3
    Scenario Outline: A request declared as <media type> is refused
      When a client sends a request declared as <media type>
      Then the request is refused with 415, in plain words

      Examples:
        | media type                        |
        | nothing                           |
        | text/plain                        |
        | text/json                         |
        | application/xml                   |
        | application/x-www-form-urlencoded |
        | application/jsonlines             |
        | application/ld+json               |
        | application/octet-stream          |

    @extended @API-13 @SEC-3
    Scenario Outline: A request of <bytes> bytes, <width> each, is refused
      When a client sends a request of <bytes> bytes, <width> each
      Then the request is refused with 413, in plain words

      Examples:
        | bytes | width     |
        | 65537 | one byte  |
        | 65538 | two bytes |
        | 98304 | one byte  |

    @extended @API-13
    Scenario: A request that is too long does not announce its length
      When a client sends a request of 65537 bytes without announcing its length
      Then the vault answers that the client made a mistake

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
