@assumed @mock-only
Feature: Named scenarios
  What a customer, a bank, the network or the clock do to a payment, as recipes of a few steps over the control
  API. Some ship; testers write their own.

  Source: our own; what happens is that of the ePayment API guide and the Webhooks API guide.

  Rule: A scenario does what it says to the payment that it is given

    Scenario Outline: The payment comes to an end: <name>
      Given a payment of NOK 500.00
      When the tester runs the scenario <name>
      Then the payment is <state>

      Examples:
        | name                        | state      |
        | customer-rejects            | ABORTED    |
        | nobody-answers              | EXPIRED    |
        | push-not-noticed            | AUTHORIZED |
        | approved-at-the-last-second | AUTHORIZED |
        | capture-too-late            | AUTHORIZED |

    Scenario: The bank releases the money before it is captured
      Given a payment of NOK 500.00
      And the tester has run the scenario capture-fails-late
      When the merchant captures NOK 500.00
      Then the request is refused with 6260 "Funds unavailable"
      And the scenario tells of "a capture is no longer guaranteed"

    Scenario: A payment that is locked
      Given a payment of NOK 500.00
      And the tester has run the scenario payment-locked
      When the merchant captures NOK 500.00
      Then the request is refused with 6160 "Order processing"

    Scenario: A webhook that comes twice
      Given a payment of NOK 500.00
      And a receiver of AUTHORIZED
      When the tester runs the scenario webhook-twice
      Then the receiver gets:
        | name       | amount     |
        | AUTHORIZED | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
      And the scenario comes to its end

    Scenario: A webhook that never comes
      Given a payment of NOK 500.00
      And a receiver of AUTHORIZED
      When the tester runs the scenario webhook-lost
      Then the receiver gets nothing
      And the payment is AUTHORIZED

    Scenario: Two weeks without a receiver
      Given a payment of NOK 500.00
      And a registration of an address where nobody is, for AUTHORIZED
      When the tester runs the scenario receiver-out-for-two-weeks
      Then no registration is left

  Rule: Testers write scenarios of their own

    Scenario: Steps of one's own
      Given a payment of NOK 500.00
      And the tester has run a scenario with the steps:
        """
        [[step]]
        do = "payment"
        [[step]]
        do = "fault"
        operation = "capture"
        reference = "{payment}"
        code = 6280
        [[step]]
        do = "approve"
        [[step]]
        do = "wait"
        event = "AUTHORIZED"
        """
      When the merchant captures NOK 500.00
      Then the request is refused with 6280 "Capture failed, please try again later"
      And the scenario tells of "AUTHORIZED NOK 500.00"

  Rule: What cannot be run is told with its line, and nothing of it is done

    Scenario Outline: A mistake in the file: <mistake>
      Given a payment of NOK 500.00
      When the tester runs a scenario with the steps:
        """
        [[step]]
        do = "payment"
        [[step]]
        do = "approve"
        [[step]]
        <mistake>
        """
      Then the scenario breaks off with "line 8: <words>"
      And the payment is CREATED

      Examples:
        | mistake        | words              |
        | do = "aprove"  | no step can do     |
        | do = "advance" | missing field `by` |
        | by = "10m"     | a step without     |

    Scenario: A step that the mock refuses is the last
      Given a payment of NOK 500.00
      When the tester runs a scenario with the steps:
        """
        [[step]]
        do = "payment"
        [[step]]
        do = "approve"
        [[step]]
        do = "reject"
        [[step]]
        do = "advance"
        by = "8d"
        """
      Then the scenario breaks off with "line 8: "
      And the clock has not moved
