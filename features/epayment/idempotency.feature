Feature: Idempotency
  A merchant that lost an answer asks again with the same key, and gets the same answer once more.

  Source: ePayment API guide, idempotency; ePayment API description, `Idempotency-Key`.

  @official
  Rule: The same request with the same key is done once

    Scenario: A request for money, asked again
      Given a payment of NOK 345.92 asked for with the key "ask-1"
      When the merchant asks for the same once more with the key "ask-1"
      Then the answer is the same as the first
      And the events are:
        | name    | amount     |
        | CREATED | NOK 345.92 |

    Scenario: A capture, asked again
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the answer is the same as the first
      And NOK 500.00 is authorized, NOK 200.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    Scenario: A refund, asked again
      Given a payment of NOK 500.00 that is captured in full
      And the merchant has refunded NOK 100.00 with the key "back-1"
      When the merchant refunds NOK 100.00 with the key "back-1"
      Then the answer is the same as the first
      And NOK 500.00 is authorized, NOK 500.00 captured, NOK 0.00 cancelled and NOK 100.00 refunded

    Scenario: A second capture of the same amount has its own key
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      When the merchant captures NOK 200.00 with the key "fare-2"
      Then NOK 500.00 is authorized, NOK 400.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

  @official
  Rule: The same key with another request is a conflict

    Scenario: Another capture
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      When the merchant captures NOK 100.00 with the key "fare-1"
      Then the request is refused with 4010 "Capture idempotency conflict"
      And nothing has happened to the payment

    Scenario: Another request for money
      Given a payment of NOK 345.92 asked for with the key "ask-1"
      When the merchant asks for the same but NOK 100.00 with the key "ask-1"
      Then the request is refused with 4020 "Idempotency error"
      And nothing has happened to the payment

    Scenario: Another refund
      Given a payment of NOK 500.00 that is captured in full
      And the merchant has refunded NOK 100.00 with the key "back-1"
      When the merchant refunds NOK 50.00 with the key "back-1"
      Then the request is refused with 4150 "Refund idempotency conflict"
      And nothing has happened to the payment

  @observed
  Rule: A key of a new payment covers more than its reference

    Scenario: The key of another payment
      Given a payment of NOK 345.92 asked for with the key "ask-1"
      When the merchant asks for another NOK 345.92 with the key "ask-1"
      Then the request is refused with 4020 "Idempotency error"

  @observed
  Rule: Capture, refund and cancel each have keys of their own

    Scenario: A refund with the key of the capture
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "ride-1"
      When the merchant refunds NOK 100.00 with the key "ride-1"
      Then the request is accepted
      And NOK 500.00 is authorized, NOK 200.00 captured, NOK 0.00 cancelled and NOK 100.00 refunded

    Scenario: A capture with the key of another payment's capture
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "ride-1"
      And another payment of NOK 300.00 that is approved
      When the merchant captures NOK 300.00 with the key "ride-1"
      Then the request is accepted
      And NOK 300.00 is authorized, NOK 300.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

  @observed
  Rule: The key of a cancel counts within its payment

    Scenario: The key of another payment's cancel
      Given a payment of NOK 500.00 that is approved
      And the merchant has cancelled the payment with the key "1"
      And another payment of NOK 300.00 that is approved
      When the merchant cancels the payment with the key "1"
      Then the request is accepted
      And NOK 300.00 is authorized, NOK 0.00 captured, NOK 300.00 cancelled and NOK 0.00 refunded

    Scenario: A capture and a cancel with one key
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "ride-1"
      When the merchant cancels the payment with the key "ride-1"
      Then NOK 500.00 is authorized, NOK 200.00 captured, NOK 300.00 cancelled and NOK 0.00 refunded

  Rule: A cancel that is asked again is done once

    @official
    Scenario: With its key
      Given a payment of NOK 500.00 that is approved
      And the merchant has cancelled the payment with the key "release-1"
      When the merchant cancels the payment with the key "release-1"
      Then the answer is the same as the first

    @assumed
    Scenario: Without a key there is nothing to repeat
      Given a payment of NOK 500.00 that is approved
      And the merchant has cancelled the payment with no key
      When the merchant cancels the payment with no key
      Then the request is refused with 6050 "Cannot cancel a non-reserved payment"

  @assumed
  Rule: A key repeats its answer long after

    @mock-only
    Scenario: A capture, asked again after a year
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      And 366 days have passed
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the answer is the same as the first

  Rule: A refusal sticks to its key

    @official
    Scenario: A capture that came too early
      Given a payment of NOK 500.00
      And the merchant has been refused a capture of NOK 500.00 with the key "fare-1"
      And the customer has approved
      When the merchant captures NOK 500.00 with the key "fare-1"
      Then the request is refused with 6080 "Cannot capture before reservation"
      And nothing has happened to the payment

    @official
    Scenario: A capture that came too early, with a new key
      Given a payment of NOK 500.00
      And the merchant has been refused a capture of NOK 500.00 with the key "fare-1"
      And the customer has approved
      When the merchant captures NOK 500.00 with the key "fare-2"
      Then the request is accepted

    @official @mock-only
    Scenario: A payment that was refused for its sum
      Given the merchant has been refused NOK 0.50 with the key "ask-1"
      When the merchant asks for the same but NOK 345.92 with the key "ask-1"
      Then the request is refused with 4020 "Idempotency error"

    @assumed
    Scenario: A request that did not fit the schema is forgotten
      Given the merchant has been refused a payment without an amount with the key "ask-1"
      When the merchant asks for NOK 345.92 with the key "ask-1"
      Then the request is accepted
