Feature: Capturing
  A capture takes money that the customer has approved. It takes effect before it is answered.

  Source: ePayment API guide, capture, and reserve and capture; ePayment API guide, error codes.

  @official
  Rule: A capture is at most what is left of the reservation

    Scenario Outline: <case>
      Given a payment of NOK 500.00 that <situation>
      When the merchant captures <amount>
      Then the request is <answer>

      Examples:
        | case                            | situation           | amount     | answer                                        |
        | All of it                       | is approved         | NOK 500.00 | accepted                                      |
        | A part of it                    | is approved         | NOK 345.92 | accepted                                      |
        | A minor unit too much           | is approved         | NOK 500.01 | refused with 6090 "Capture amount too high"   |
        | All that is left                | is captured in part | NOK 300.00 | accepted                                      |
        | A minor unit more than is left  | is captured in part | NOK 300.01 | refused with 6090 "Capture amount too high"   |

    Scenario: The answer shows the new totals
      Given a payment of NOK 500.00 that is approved
      When the merchant captures NOK 345.92
      Then the answer has the members amount, state, aggregate, pspReference, reference
      And the answer shows the payment as it now is
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded

  Rule: What was never approved, or is no longer there, cannot be captured

    @official
    Scenario Outline: A payment that <situation>
      Given a payment of NOK 500.00 that <situation>
      When the merchant captures NOK 100.00
      Then the request is refused with <code> "<title>"
      And nothing has happened to the payment

      Examples:
        | situation           | code | title                             |
        | is waiting          | 6080 | Cannot capture before reservation |
        | is released in full | 6070 | Cannot capture a cancelled payment |

    @assumed
    Scenario Outline: A payment that <situation>
      Given a payment of NOK 500.00 that <situation>
      When the merchant captures NOK 100.00
      Then the request is refused with <code> "<title>"
      And nothing has happened to the payment

      Examples:
        | situation                                  | code | title                              |
        | is captured in full                        | 6170 | Payment already captured           |
        | is refunded in full                        | 6170 | Payment already captured           |
        | is captured in part and otherwise released | 6070 | Cannot capture a cancelled payment |
        | was cancelled before approval              | 6200 | Payment cannot be captured         |

      @mock-only
      Examples:
        | situation    | code | title                      |
        | was rejected | 6200 | Payment cannot be captured |
        | has expired  | 6200 | Payment cannot be captured |

    @official
    Scenario: A payment that was never made
      When the merchant captures NOK 100.00 of a payment that was never made
      Then the request is refused with 5090 "Reference not found"

  @official @mock-only
  Rule: Some sales units must capture everything at once

    Scenario: A part of it
      Given a merchant that may not capture in parts
      And a payment of NOK 500.00 that is approved
      When the merchant captures NOK 345.92
      Then the request is refused with 6140 "Must capture full amount"
      And nothing has happened to the payment

    Scenario: All of it
      Given a merchant that may not capture in parts
      And a payment of NOK 500.00 that is approved
      When the merchant captures NOK 500.00
      Then the request is accepted

  @official @mock-only
  Rule: A reservation can be captured for as long as the market allows

    Scenario Outline: <case>
      Given a merchant in <market>
      And a payment of <amount> that is approved
      And <time> have passed
      When the merchant captures <amount>
      Then the request is <answer>

      Examples:
        | case                             | market  | amount     | time     | answer                                      |
        | The last day but one in Norway   | Norway  | NOK 500.00 | 179 days | accepted                                    |
        | The day after in Norway          | Norway  | NOK 500.00 | 181 days | refused with 6100 "Capture period expired"  |
        | The last day but one in Denmark  | Denmark | DKK 500.00 | 13 days  | accepted                                    |
        | The day after in Denmark         | Denmark | DKK 500.00 | 15 days  | refused with 6100 "Capture period expired"  |
        | The last day but one in Finland  | Finland | EUR 500.00 | 13 days  | accepted                                    |
