Feature: Delivering webhooks
  Whatever happens to a payment is sent to everyone who registered for it, signed.

  Source: Webhooks API guide, ePayment events and request authentication; headers as seen on the
  wire.

  @official
  Rule: Every event is delivered once, with the amount it moved

    Scenario: A payment from request to refund
      Given a receiver of all payment events
      And a payment of NOK 500.00 that is captured in part and otherwise released
      When the merchant refunds NOK 50.00
      Then the receiver gets:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 200.00 |
        | CANCELLED  | NOK 300.00 |
        | REFUNDED   | NOK 50.00  |

    Scenario: A request that the merchant takes back
      Given a receiver of all payment events
      And a payment of NOK 500.00
      When the merchant cancels the payment
      Then the receiver gets:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | TERMINATED | NOK 500.00 |

    @mock-only
    Scenario: A request that the customer declines
      Given a receiver of all payment events
      And a payment of NOK 500.00
      When the customer rejects
      Then the receiver gets:
        | name    | amount     |
        | CREATED | NOK 500.00 |
        | ABORTED | NOK 500.00 |

    @mock-only
    Scenario: A request that lapses
      Given a receiver of all payment events
      And a payment of NOK 500.00
      When 10 minutes pass
      Then the receiver gets:
        | name    | amount     |
        | CREATED | NOK 500.00 |
        | EXPIRED | NOK 500.00 |

    Scenario: A refused request is no event
      Given a receiver of all payment events
      And a payment of NOK 500.00
      When the merchant captures NOK 500.00
      Then the receiver gets:
        | name    | amount     |
        | CREATED | NOK 500.00 |

    Scenario: A repeated request is no second event
      Given a receiver of all payment events
      And a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the receiver gets:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 200.00 |

  @official
  Rule: Everyone who registered for an event gets it, and nobody else

    Scenario: Only what was asked for
      Given a receiver of AUTHORIZED and CAPTURED
      And a payment of NOK 500.00 that is captured in part
      When the merchant cancels the payment
      Then the receiver gets:
        | name       | amount     |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 200.00 |

    Scenario: Two receivers
      Given a receiver of all payment events
      And a receiver of CREATED
      When the merchant asks for NOK 345.92
      Then every receiver gets:
        | name    | amount     |
        | CREATED | NOK 345.92 |
      And each delivery names its own registration and is signed with its secret

    Scenario: A registration deleted before the event
      Given a receiver of all payment events
      And the merchant has deleted the registration
      When the merchant asks for NOK 345.92
      Then the receiver gets nothing

    Scenario: Another sales unit's events stay with it
      Given a receiver of all payment events
      When another merchant asks for NOK 345.92
      Then the receiver gets nothing

  Rule: A delivery can be verified and matched

    @official
    Scenario: The signature covers date, host and content
      Given a receiver of all payment events
      When the merchant asks for NOK 345.92
      Then each delivery names its own registration and is signed with its secret

    @official
    Scenario: A query in the address is kept and signed
      Given a receiver of all payment events at "/hooks?callback=webhook&shop=1"
      When the merchant asks for NOK 345.92
      Then each delivery goes to "/hooks?callback=webhook&shop=1"
      And each delivery names its own registration and is signed with its secret

    @observed
    Scenario: The headers of a delivery
      Given a receiver of all payment events
      When the merchant asks for NOK 345.92
      Then each delivery has these headers and no others:
        | host                  |
        | user-agent            |
        | content-type          |
        | content-length        |
        | accept-encoding       |
        | x-ms-date             |
        | x-ms-content-sha256   |
        | authorization         |
        | x-vipps-authorization |
        | webhook-id            |
      And the header "user-agent" of each delivery is "Vipps MobilePay/1.0 Webhooks/1.0"
      And the header "content-type" of each delivery is "application/json; charset=utf-8"

    @observed
    Scenario: The body is compact, in a fixed order
      Given a receiver of all payment events
      When the merchant asks for NOK 345.92 with the key "ask-1"
      Then each delivery is compact JSON with the members msn, reference, pspReference, name, amount, timestamp, idempotencyKey, success

    @official
    Scenario: An event has one pspReference, in the log and in its delivery
      Given a receiver of all payment events
      And a payment of NOK 500.00 that is captured in part
      When the merchant captures NOK 100.00
      Then each delivery has the pspReference of its event in the log
