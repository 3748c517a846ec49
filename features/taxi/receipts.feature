Feature: The receipt of a ride
  The passenger sees in the app what the ride was made of. The receipt is no part of the payment:
  whatever becomes of it, the money stays where it is.

  Source: Order Management API guide.

  @official
  Rule: The receipt is about the fare, line by line, with the tax of the country

    @taxi-72
    Scenario: A day ride in Norway
      Given a passenger who approves
      When the taxi drives a ride on a hold of NOK 500.00 by this meter:
        | part    | price       |
        | start   | 97.00       |
        | km      | 8.2 x 12.20 |
        | minutes | 14 x 8.42   |
        | toll    | 31.00       |
      Then the ride is paid
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the passenger's receipt has the lines:
        | name      | with tax | without tax | tax   | rate |
        | Start     | 97.00    | 86.61       | 10.39 | 1200 |
        | Distance  | 100.04   | 89.32       | 10.72 | 1200 |
        | Time      | 117.88   | 105.25      | 12.63 | 1200 |
        | Road toll | 31.00    | 27.68       | 3.32  | 1200 |

    @taxi-85
    Scenario: A ride in Denmark, where there is no tax on it
      Given a taxi in Denmark
      And a passenger who approves
      When the taxi drives a ride by this meter:
        | part  | price  |
        | start | 245.00 |
      Then the ride is paid
      And the passenger's receipt has the lines:
        | name  | with tax | without tax | tax  | rate |
        | Start | 245.00   | 245.00      | 0.00 | 0    |

    @taxi-85
    Scenario: A ride in Finland, whose rate has half a percent
      Given a taxi in Finland
      And a passenger who approves
      When the taxi drives a ride by this meter:
        | part  | price |
        | start | 20.00 |
        | night | 8.50  |
      Then the ride is paid
      And the passenger's receipt has the lines:
        | name  | with tax | without tax | tax  | rate |
        | Start | 20.00    | 17.62       | 2.38 | 1350 |
        | Night | 8.50     | 7.49        | 1.01 | 1350 |

    @taxi-85
    Scenario: Half a percent cannot be said as a percentage
      When the merchant posts a receipt whose first line has:
        | member        | value   |
        | taxRate       | nothing |
        | taxPercentage | 13.5    |
      Then the answer names the parameter "OrderLines[0].TaxPercentage"

  Rule: A receipt is stored once, and who finds one there compares it

    @official @taxi-73
    Scenario: It came with the request for money
      Given a payment of NOK 345.92 with the receipt of a ride
      When the merchant posts the receipt of a ride of NOK 345.92
      Then the answer is 409
      And the order has the receipt of a ride of NOK 345.92

    @assumed @taxi-74
    Scenario: The answer to the first one got lost
      Given a passenger who approves
      And the first answer to the taxi's receipt gets lost
      When the taxi drives a ride of NOK 345.92 on a hold of NOK 500.00
      Then the ride is paid
      And the taxi's receipt is stored already
      And the passenger has a receipt of NOK 345.92

    @assumed @taxi-75
    Scenario: Another one is there
      Given the taxi has asked for NOK 345.92
      And the passenger has approved
      And the taxi has sent the receipt of NOK 100.00
      When the taxi settles the ride
      Then the ride is paid
      And the taxi's receipt is another one
      And the passenger has a receipt of NOK 100.00

  Rule: Every line adds up to the last unit

    @observed @taxi-76
    Scenario: Tax that was rounded by itself
      When the merchant posts a receipt with "totalTaxAmount" of the first line set to 3707
      Then the answer is 400 and says "does not match order line total tax amount"
      And nothing is stored for the order

    @assumed @taxi-76
    Scenario: The corrected receipt
      Given the taxi has asked for NOK 345.92
      And the merchant has been refused a receipt without lines
      When the taxi sends the receipt of NOK 345.92
      Then the call succeeds
      And the passenger has a receipt of NOK 345.92

    @observed @taxi-77
    Scenario: The rate is said twice
      When the merchant posts a receipt with "taxPercentage" of the first line set to 12
      Then the answer is 400 and says "Both tax rate and tax percentage set"
      And nothing is stored for the order

    @assumed @taxi-78
    Scenario: There are no lines
      When the merchant posts a receipt without lines
      Then the answer names the parameter "OrderLines"

    @official @taxi-84
    Scenario Outline: <case>
      When the merchant posts a receipt with "unitInfo" of the first line set to <unit>
      Then the answer is 201

      Examples:
        | case       | unit                                                        |
        | kilometres | {"unitPrice":1220,"quantity":"8.2","quantityUnit":"KM"}     |
        | minutes    | {"unitPrice":842,"quantity":"14","quantityUnit":"MINUTE"}   |

    @official @taxi-84
    Scenario Outline: <case>
      When the merchant posts a receipt with "unitInfo" of the first line set to <unit>
      Then the answer names the parameter "OrderLines[0].UnitInfo.Quantity"

      Examples:
        | case                  | unit                                                    |
        | kilometres as number  | {"unitPrice":1220,"quantity":8.2,"quantityUnit":"KM"}   |
        | kilometres with comma | {"unitPrice":1220,"quantity":"8,2","quantityUnit":"KM"} |

  Rule: The receipt knows nothing of the payment

    @official @taxi-79
    Scenario: A reference nobody has
      When the merchant posts the receipt of a ride of NOK 345.92
      Then the answer is 201

    @assumed @mock-only @taxi-79
    Scenario: The mock tells whose receipt is nobody's
      Given a receipt for the order "mistyped-1"
      When the tester lists the receipts that match no payment
      Then one receipt is listed, that of "mistyped-1"

    @assumed @mock-only @taxi-86
    Scenario: Lines that do not come to the capture
      Given a payment of NOK 345.92 that is captured in full
      And the merchant has posted the receipt of a ride of NOK 100.00
      When the customer looks at the payment in the app
      Then the app would hide the lines, because they come to "NOK 100.00" and "NOK 345.92" was paid

    @assumed @taxi-80
    Scenario: Order management is down when the ride ends
      Given a passenger who approves
      And order management is down
      When the taxi drives a ride of NOK 345.92 on a hold of NOK 500.00
      Then the ride is paid
      And the taxi's receipt is not stored
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded

    @assumed @taxi-80
    Scenario: The receipt follows when it is up again
      Given a passenger who approves
      And order management is down
      And the taxi has driven a ride of NOK 345.92 on a hold of NOK 500.00
      And order management is up again
      When the taxi drives the same ride once more
      Then the taxi's receipt is stored
      And the passenger has a receipt of NOK 345.92
      And nothing has happened to the payment

  @assumed
  Rule: A ride that is paid in two has two receipts of one number

    Scenario: The fare is above the hold
      When the taxi sends two receipts of a ride of NOK 389.50, the first of NOK 314.00
      Then the passenger's two receipts have the lines:
        | name                   | with tax | without tax | tax   | rate |
        | Taxi ride, part 1 of 2 | 314.00   | 280.36      | 33.64 | 1200 |
        | Taxi ride, part 2 of 2 | 75.50    | 67.41       | 8.09  | 1200 |

  Rule: A link leads to the receipt of the law, and can be replaced

    @official @taxi-81
    Scenario: The first link
      Given the taxi has asked for NOK 345.92
      When the taxi shows a link to "https://taxi.example/r/1"
      Then the passenger sees a link to "https://taxi.example/r/1"

    @official @taxi-81
    Scenario: Another link
      Given the taxi has asked for NOK 345.92
      And the taxi has shown a link to "https://taxi.example/r/1"
      When the taxi shows a link to "https://taxi.example/r/2"
      Then the passenger sees a link to "https://taxi.example/r/2"

    @assumed @taxi-82
    Scenario: The link goes without an image that is not there
      Given the taxi has asked for NOK 345.92
      When the taxi shows a link to "https://taxi.example/r/1" with an image that was never uploaded
      Then the passenger sees a link to "https://taxi.example/r/1"

  Rule: The image of a link is high enough, and stays as it is

    @official @taxi-83
    Scenario: It is too low
      When the merchant uploads a PNG of 120 pixels as "taxi-logo-v1"
      Then the answer is 400 and says "height"

    @official @taxi-83
    Scenario: It is high enough
      When the merchant uploads a PNG of 200 pixels as "taxi-logo-v1"
      Then the answer is 200

    @observed @taxi-83
    Scenario: It is uploaded twice
      Given the merchant has uploaded a PNG of 200 pixels as "taxi-logo-v1"
      When the merchant uploads a PNG of 200 pixels as "taxi-logo-v1"
      Then the answer is 409
