@assumed @mock-only
Feature: Faults on demand
  What lies outside of merchant and mock, a tester asks for: an error of the platform's own, a payment
  that is busy, a bank that has let a reservation go. A fault strikes once, unless it is told otherwise.

  Source: ePayment API guide, error codes.

  Rule: A fault is answered as the real failure would be, and nothing happens to the payment

    Scenario Outline: A <operation> fails with <code>
      Given a payment of NOK 500.00 that is captured in part
      And the next <operation> is to fail with <code>
      When the merchant comes with a <operation>
      Then the request is refused with <code> "<title>"
      And nothing has happened to the payment

      Examples:
        | operation          | code  | title                                  |
        | look               | 3010  | Internal error                         |
        | look at the events | 3010  | Internal error                         |
        | new payment        | 3010  | Internal error                         |
        | new payment        | 5070  | Payment cannot be created              |
        | capture            | 3010  | Internal error                         |
        | capture            | 6160  | Order processing                       |
        | capture            | 6260  | Funds unavailable                      |
        | capture            | 6280  | Capture failed, please try again later |
        | refund             | 3010  | Internal error                         |
        | refund             | 6160  | Order processing                       |
        | cancel             | 6160  | Order processing                       |
        | cancel             | 6250  | Cannot cancel processing payment       |
        | forced approval    | 10010 | Approve failed                         |

  Rule: What is meant to be tried again can be, with the same key

    Scenario Outline: A capture that has failed with <code>
      Given a payment of NOK 500.00 that is approved
      And the next capture is to fail with <code>
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is <answer>
      And NOK 500.00 is authorized, NOK <captured> captured, NOK 0.00 cancelled and NOK 0.00 refunded

      Examples:
        | code | answer                               | captured |
        | 3010 | accepted                             | 200.00   |
        | 6160 | accepted                             | 200.00   |
        | 6280 | accepted                             | 200.00   |
        | 6260 | refused with 6260 "Funds unavailable" | 0.00     |

    Scenario: Funds that were unavailable may be there for another key
      Given a payment of NOK 500.00 that is approved
      And the next capture is to fail with 6260
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the merchant captures NOK 200.00 with the key "fare-2"
      Then the request is accepted

  Rule: An answer that was lost is found under its key

    Scenario: The capture that was answered with an error has been made
      Given a payment of NOK 500.00 that is approved
      And the next capture is to be carried out, and answered with 3010
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is refused with 3010 "Internal error"
      And NOK 500.00 is authorized, NOK 200.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    Scenario: Asking again does it no second time
      Given a payment of NOK 500.00 that is approved
      And the next capture is to be carried out, and answered with 3010
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is accepted
      And NOK 500.00 is authorized, NOK 200.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    Scenario: Asking again with another key does
      Given a payment of NOK 500.00 that is approved
      And the next capture is to be carried out, and answered with 3010
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the merchant captures NOK 200.00 with the key "fare-2"
      Then the request is accepted
      And NOK 500.00 is authorized, NOK 400.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

  Rule: A fault strikes what it is about, as often as it was told

    Scenario: Another operation
      Given a payment of NOK 500.00 that is approved
      And the next refund is to fail with 3010
      When the merchant captures NOK 200.00
      Then the request is accepted
      And 1 fault is waiting

    Scenario: Another payment
      Given a payment of NOK 500.00 that is approved
      And the next capture of the payment is to fail with 6280
      And another payment of NOK 300.00 that is approved
      When the merchant captures NOK 300.00
      Then the request is accepted
      And 1 fault is waiting

    Scenario: The second of two calls
      Given a payment of NOK 500.00 that is approved
      And the next 2 captures are to fail with 6280
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is refused with 6280 "Capture failed, please try again later"
      And 0 faults are waiting

    Scenario: Every call
      Given a payment of NOK 500.00 that is approved
      And every capture is to fail with 6280
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is refused with 6280 "Capture failed, please try again later"
      And 1 fault is waiting

    Scenario: A repeated call is answered from memory, and leaves the fault for the next
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      And the next capture is to fail with 6280
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is accepted
      And 1 fault is waiting

    Scenario: A call that does not fit the schema is refused for that
      Given a payment of NOK 500.00 that is approved
      And the next capture is to fail with 6280
      When the merchant captures with modificationAmount set to nothing
      Then the request is refused and names the field "modificationAmount"
      And 1 fault is waiting

    Scenario: Faults are taken away
      Given the next capture is to fail with 6280
      And every capture is to fail with 6280
      When the tester takes the faults away
      Then 0 faults are waiting

    Scenario: A reset takes them away too
      Given every capture is to fail with 6280
      When the tester resets the sales unit
      Then 0 faults are waiting

  Rule: Only what can happen can be asked for

    Scenario Outline: <case>
      When the tester asks for a fault like <fault>
      Then the control API refuses with 400
      And 0 faults are waiting

      Examples:
        | case                        | fault                                     |
        | No code                     | {"operation":"capture"}                   |
        | A code that is none         | {"code":9999}                             |
        | An operation that is none   | {"operation":"settle","code":3010}        |
        | A reference that is none    | {"reference":"x","code":3010}             |
        | Never                       | {"code":3010,"times":0}                   |
        | An effect that is none      | {"effect":"explode","code":3010}          |
        | A misspelt member           | {"code":3010,"time":1}                    |
