Feature: The receipt of a ride
  The passenger finds the receipt in the app. It is sent once and stays as it is.

  @official
  Rule: A ride has one receipt

    Scenario: A second one for the same ride
      Given the taxi has asked for NOK 345.92
      And the taxi has sent the receipt of NOK 345.92
      When the taxi sends the receipt of NOK 100.00
      Then the call is refused because there is a receipt already
      And the passenger has a receipt of NOK 345.92

    Scenario: A receipt before the passenger has approved
      Given the taxi has asked for NOK 345.92
      When the taxi sends the receipt of NOK 345.92
      Then the call succeeds
      And the passenger has a receipt of NOK 345.92

  @assumed
  Rule: A receipt that got there is not a failure

    Scenario: The receipt was sent before the ride is settled
      Given a passenger who approves
      And the taxi has asked for NOK 345.92
      And the taxi has sent the receipt of NOK 345.92
      When the taxi drives the same ride once more
      Then the ride is paid
      And the passenger has a receipt of NOK 345.92
