Feature: Refunding
  A refund gives captured money back. It makes no room for another capture.

  Source: ePayment API guide, refund; ePayment API guide, error codes.

  @official
  Rule: A refund is at most what is captured and not yet refunded

    Scenario Outline: <case>
      Given a payment of NOK 500.00 that <situation>
      When the merchant refunds <amount>
      Then the request is <answer>

      Examples:
        | case                            | situation                                  | amount     | answer                                     |
        | All that is captured            | is captured in full                        | NOK 500.00 | accepted                                   |
        | A part of it                    | is captured in full                        | NOK 100.00 | accepted                                   |
        | All of a part                   | is captured in part                        | NOK 200.00 | accepted                                   |
        | After the rest is released      | is captured in part and otherwise released | NOK 200.00 | accepted                                   |
        | A minor unit more than captured | is captured in part                        | NOK 200.01 | refused with 6150 "Not enough refundable"  |

    Scenario: The answer shows the new totals
      Given a payment of NOK 500.00 that is captured in full
      When the merchant refunds NOK 100.00
      Then the answer has the members amount, state, aggregate, pspReference, reference
      And the answer shows the payment as it now is
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 500.00 captured, NOK 0.00 cancelled and NOK 100.00 refunded

  Rule: There has to be captured money

    @official
    Scenario Outline: A payment that <situation>
      Given a payment of NOK 500.00 that <situation>
      When the merchant refunds NOK 100.00
      Then the request is refused with <code> "<title>"
      And nothing has happened to the payment

      Examples:
        | situation           | code | title                               |
        | is waiting          | 6020 | Attempted refund before reservation |
        | is refunded in full | 6180 | Payment already refunded            |

    @assumed
    Scenario Outline: A payment that <situation>
      Given a payment of NOK 500.00 that <situation>
      When the merchant refunds NOK 100.00
      Then the request is refused with <code> "<title>"
      And nothing has happened to the payment

      Examples:
        | situation                     | code | title                               |
        | is approved                   | 6020 | Attempted refund before reservation |
        | is released in full           | 6020 | Attempted refund before reservation |
        | was cancelled before approval | 6210 | Payment cannot be refunded          |

      @mock-only
      Examples:
        | situation    | code | title                      |
        | was rejected | 6210 | Payment cannot be refunded |
        | has expired  | 6210 | Payment cannot be refunded |

    @official
    Scenario: A payment that was never made
      When the merchant refunds NOK 100.00 of a payment that was never made
      Then the request is refused with 5090 "Reference not found"

  @official @mock-only
  Rule: Money can be given back for a year

    Scenario Outline: <case>
      Given a payment of NOK 500.00 that is captured in full
      And <time> have passed
      When the merchant refunds NOK 100.00
      Then the request is <answer>

      Examples:
        | case                 | time     | answer                                    |
        | The last day but one | 364 days | accepted                                  |
        | The day after        | 366 days | refused with 6220 "Refund period expired" |
