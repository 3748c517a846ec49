@mock-only
Feature: The production environment
  A sales unit in production has no test endpoint, and no amount means anything but itself.

  Source: ePayment API guide, test environment.

  @official
  Rule: What is for tests is not there

    Scenario: Force approve
      Given a merchant in production
      And a payment of NOK 345.92
      When the merchant forces the approval
      Then the answer is 404
      And "responseInfo.responseCode" of the answer is 404
      And nothing has happened to the payment

    Scenario: Special amounts
      Given a merchant in production
      And a payment of NOK 1.51
      When the customer approves
      Then the payment is AUTHORIZED

  @official
  Rule: A card form is for production only

    Scenario: In production
      Given a merchant in production
      When the merchant asks for NOK 345.92 by WEB_REDIRECT with paymentMethod.type set to "CARD"
      Then the answer is 201
      And the answer has the members redirectUrl, reference

    Scenario: In the test environment
      When the merchant asks for NOK 345.92 by WEB_REDIRECT with paymentMethod.type set to "CARD"
      Then the request is refused with 5070 "Payment cannot be created"
      And no payment has come of it

  @official
  Rule: A token lasts a day, and in the test environment an hour

    Scenario Outline: <case>
      Given a merchant in production
      And a payment of NOK 345.92 that is waiting
      And <time> have passed
      When the merchant reads the payment with its old token
      Then the answer is <answer>

      Examples:
        | case                 | time                 | answer |
        | After most of a day  | 23 hours 59 minutes  | 200    |
        | After a day          | 24 hours             | 401    |
