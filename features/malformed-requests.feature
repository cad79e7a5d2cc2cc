Feature: Malformed requests
  A request may be wrong as a whole: cut off, too long, or in another format.
  A vault that takes what it can read of it collects what nobody asked for.

  Rule: A request that is malformed is refused in plain words

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
