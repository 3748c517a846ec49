Feature: The event log
  The event log is the record of a payment: one entry a move, each with a reference of its own.

  Source: ePayment API description, `PaymentEventName`; ePayment API guide, get the event log.

  @official
  Rule: Every move is one event with the amount it moved, oldest first

    Scenario: From request to refund
      Given a payment of NOK 500.00 that is captured in part and otherwise released
      When the merchant refunds NOK 50.00
      Then the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 200.00 |
        | CANCELLED  | NOK 300.00 |
        | REFUNDED   | NOK 50.00  |

    Scenario: A customer who is no longer wanted
      Given a payment of NOK 500.00
      When the merchant cancels the payment
      Then the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | TERMINATED | NOK 500.00 |

    @mock-only
    Scenario: A customer who declines
      Given a payment of NOK 500.00
      When the customer rejects
      Then the events are:
        | name    | amount     |
        | CREATED | NOK 500.00 |
        | ABORTED | NOK 500.00 |

  @official
  Rule: Each event has its own reference, and the payment shows the first

    Scenario: Two captures
      Given a payment of NOK 500.00 that is captured in part
      When the merchant captures NOK 100.00
      Then no two events share a pspReference
      And the payment has the pspReference of its CREATED event
      And the answer has the pspReference of the CREATED event

  Rule: An event names the key of the request that caused it

    @official
    Scenario: A capture
      Given a payment of NOK 500.00 that is approved
      When the merchant captures NOK 500.00 with the key "fare-1"
      Then the CAPTURED event has the key "fare-1"

    @official
    Scenario: An approval is caused by the request for money
      Given a payment of NOK 500.00 asked for with the key "ask-1"
      When the customer approves
      Then the AUTHORIZED event has the key "ask-1"

    @assumed
    Scenario: A cancel with a key
      Given a payment of NOK 500.00 that is approved
      When the merchant cancels the payment with the key "release-1"
      Then the CANCELLED event has the key "release-1"

    @official
    Scenario: A cancel without a key
      Given a payment of NOK 500.00 that is approved
      When the merchant cancels the payment with no key
      Then the CANCELLED event has no key

    @assumed @mock-only
    Scenario: A customer who declines
      Given a payment of NOK 500.00
      When the customer rejects
      Then the ABORTED event has no key
