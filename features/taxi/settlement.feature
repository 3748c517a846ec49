Feature: Giving up
  What the taxi no longer wants, it withdraws or releases.

  Source: ePayment API guide, cancel.

  @official
  Rule: A release is made once

    Scenario: Releasing twice
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 345.92
      And the taxi has released the rest
      When the taxi releases the rest
      Then the call succeeds
      And nothing has happened to the payment

  @official
  Rule: A driver who gives up does not take an approval away

    Scenario: Nobody has answered
      Given the taxi has asked for NOK 345.92
      When the taxi withdraws the request
      Then the call succeeds
      And the payment is TERMINATED

    Scenario: The passenger was faster
      Given the taxi has asked for NOK 345.92
      And the passenger has approved
      When the taxi withdraws the request
      Then the call is refused because the passenger approved first
      And nothing has happened to the payment
