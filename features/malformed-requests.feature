Feature: Malformed requests
  A request may be wrong as a whole: cut off, too long, or in another format.
  A vault that takes what it can read of it collects what nobody asked for.

  Rule: A request that is malformed is refused in plain words

    @extended @API-12 @SEC-3
    Scenario: A request is not JSON
      When a client sends these requests, one after the other
        | request                  |
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
      Then each of them is refused with 400, in plain words

    @extended @API-12 @SEC-3
    Scenario: A request is JSON, but not an ingestion
      When a client sends these requests, one after the other
        | request                          |
        | as an empty object               |
        | as an empty list                 |
        | as a list with one request in it |
        | as lists 20,000 deep             |
        | as a string of JSON              |
        | as the word null                 |
        | as the word true                 |
        | as a number                      |
      Then each of them is refused with 400, in plain words

    @extended @API-13 @SEC-3
    Scenario: A request is declared as something else than JSON
      When a client sends these requests, one after the other
        | request                                       |
        | declared as nothing                           |
        | declared as text/plain                        |
        | declared as text/json                         |
        | declared as application/x-www-form-urlencoded |
        | declared as application/jsonlines             |
        | declared as application/ld+json               |
        | declared as application/octet-stream          |
      Then each of them is refused with 415, in plain words

    @extended @API-13 @SEC-3
    Scenario: A request is too long
      When a client sends these requests, one after the other
        | request                        |
        | of 65537 bytes, one byte each  |
        | of 65538 bytes, two bytes each |
      Then each of them is refused with 413, in plain words

    @extended @API-13
    Scenario: A request that is too long does not announce its length
      When a client sends a request of 65537 bytes without announcing its length
      Then the vault answers that the client made a mistake
