Feature: How often a payment may be called about
  The limits keep a client that has gone wild from one payment. They leave all others alone.

  Source: ePayment API guide, rate limits; the wording is that of the gateway's own documentation.

  Rule: A payment is changed at most five times a minute, each kind of change counted for itself

    @official
    Scenario: The sixth capture
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 1.00 5 times within the minute
      When the merchant captures NOK 1.00
      Then the answer is 429
      And NOK 500.00 is authorized, NOK 5.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    @assumed
    Scenario: The gateway says how long to wait
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 1.00 5 times within the minute
      And 20 seconds have passed
      When the merchant captures NOK 1.00
      Then the merchant is to wait 40 seconds
      And the answer is 429 and says "Rate limit is exceeded. Try again in 40 seconds."

    @assumed @mock-only
    Scenario: A minute later
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 1.00 5 times within the minute
      And 60 seconds have passed
      When the merchant captures NOK 1.00
      Then the request is accepted

    @assumed
    Scenario: Another kind of change
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 1.00 5 times within the minute
      When the merchant refunds NOK 1.00
      Then the request is accepted

  Rule: A payment is looked at at most 120 times a minute

    @official
    Scenario Outline: <times> looks
      Given a payment of NOK 500.00 that is approved
      When the merchant reads the payment <times> times within the minute
      Then the answer is <answer>

      Examples:
        | times | answer |
        | 110   | 200    |
        | 121   | 429    |
