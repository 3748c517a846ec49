Feature: Tips
  A tip is the passenger's gift: it stands below the lines of the receipt, and without it the ride
  is paid all the same.

  Source: Order Management API description.

  @assumed
  Rule: A tip is paid with the fare where there is room

    @taxi-87
    Scenario: It is known before the passenger is asked
      Given a passenger who approves
      And the passenger tips NOK 34.59
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And NOK 380.51 is authorized, NOK 380.51 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the tip was paid with the fare
      And the passenger has a receipt of NOK 345.92
      And the passenger's receipt has a tip of NOK 34.59

    @taxi-88
    Scenario: The hold has room for it
      Given a passenger who approves
      And the passenger tips NOK 34.59
      When the taxi drives a ride of NOK 345.92 on a hold of NOK 500.00
      Then the ride is paid
      And NOK 500.00 is authorized, NOK 380.51 captured, NOK 119.49 cancelled and NOK 0.00 refunded
      And the passenger's receipt has a tip of NOK 34.59

  @assumed @mock-only
  Rule: A tip for which the hold has no room is asked for by itself, after the fare

    @taxi-89
    Scenario: The passenger approves both
      Given a passenger who approves at once
      And the passenger tips NOK 34.59
      When the taxi drives a ride of NOK 345.92 on a hold of NOK 350.00
      Then the ride is paid
      And NOK 350.00 is authorized, NOK 345.92 captured, NOK 4.08 cancelled and NOK 0.00 refunded
      And the tip, asked for by itself, is paid
      And the passenger's receipt has no tip

    @taxi-89
    Scenario: The passenger declines the tip
      Given a passenger who approves the fare and declines the tip
      And the passenger tips NOK 34.59
      When the taxi drives a ride of NOK 345.92 on a hold of NOK 350.00
      Then the ride is paid
      And NOK 350.00 is authorized, NOK 345.92 captured, NOK 4.08 cancelled and NOK 0.00 refunded
      And the tip, asked for by itself, is declined

    @taxi-89
    Scenario: The passenger does not answer any more
      Given a passenger who approves
      And the passenger tips NOK 34.59
      When the taxi drives a ride of NOK 345.92 on a hold of NOK 350.00
      Then the ride is paid
      And the tip, asked for by itself, is not answered in time

  @official
  Rule: Nobody tips less than nothing

    @taxi-90
    Scenario: A negative tip
      When the merchant posts a receipt with "tipAmount" of the bottom line set to -1
      Then the answer names the parameter "BottomLine.TipAmount"
      And nothing is stored for the order
