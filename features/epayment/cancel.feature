Feature: Cancelling
  A cancel ends a request nobody has answered, or releases all that is not captured.

  Source: ePayment API guide, cancel; ePayment API guide, error codes.

  @official
  Rule: A cancel before approval ends the payment, one after it releases the rest

    Scenario: Before approval
      Given a payment of NOK 500.00
      When the merchant cancels the payment
      Then the request is accepted
      And the answer shows the payment as it now is
      And the payment is TERMINATED

    Scenario: After approval
      Given a payment of NOK 500.00 that is approved
      When the merchant cancels the payment
      Then the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 500.00 cancelled and NOK 0.00 refunded

    Scenario: After a capture of a part
      Given a payment of NOK 500.00 that is captured in part
      When the merchant cancels the payment
      Then the answer shows the payment as it now is
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 200.00 captured, NOK 300.00 cancelled and NOK 0.00 refunded

  @official
  Rule: A cancel of the request only leaves an approval alone

    Scenario: Nobody has answered
      Given a payment of NOK 500.00
      When the merchant cancels only what is not approved
      Then the request is accepted
      And the payment is TERMINATED

    Scenario Outline: A payment that <situation>
      Given a payment of NOK 500.00 that <situation>
      When the merchant cancels only what is not approved
      Then the request is refused with 6060 "Cannot cancel authorized payment"
      And nothing has happened to the payment

      Examples:
        | situation           |
        | is approved         |
        | is captured in part |

  Rule: There has to be something to release

    @official
    Scenario: A payment that is captured in full
      Given a payment of NOK 500.00 that is captured in full
      When the merchant cancels the payment
      Then the request is refused with 6040 "Cannot cancel a captured payment"
      And nothing has happened to the payment

    @assumed
    Scenario Outline: A payment that <situation>
      Given a payment of NOK 500.00 that <situation>
      When the merchant cancels the payment
      Then the request is refused with <code> "<title>"
      And nothing has happened to the payment

      Examples:
        | situation                                  | code | title                               |
        | is refunded in full                        | 6040 | Cannot cancel a captured payment    |
        | is captured in part and otherwise released | 6040 | Cannot cancel a captured payment    |
        | is released in full                        | 6050 | Cannot cancel a non-reserved payment |
        | was cancelled before approval              | 6190 | Payment cannot be cancelled         |

      @mock-only
      Examples:
        | situation    | code | title                       |
        | was rejected | 6190 | Payment cannot be cancelled |
        | has expired  | 6190 | Payment cannot be cancelled |

    @official
    Scenario: A payment that was never made
      When the merchant cancels a payment that was never made
      Then the request is refused with 5090 "Reference not found"

  @observed
  Rule: The body of a cancel may be missing but not a list

    Scenario: No body
      Given a payment of NOK 500.00 that is approved
      When the merchant cancels the payment without a body
      Then the request is accepted

    Scenario: An empty list
      Given a payment of NOK 500.00 that is approved
      When the merchant cancels the payment with an empty list as body
      Then the request is refused with 400 as a problem
      And nothing has happened to the payment
