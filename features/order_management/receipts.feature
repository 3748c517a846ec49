Feature: Receipts
  A receipt is kept beside the payment: once, unchanged, and without a look at the money.

  Source: Order Management API description; Order Management API guide; refusals as printed in
  public issue reports.

  Rule: There is one receipt for an order, and it stays as it is

    @official
    Scenario: The first receipt
      Given a payment of NOK 345.92 that is captured in full
      When the merchant posts the receipt of a ride of NOK 345.92
      Then the answer is 201
      And the answer is a JSON string

    @official
    Scenario: The second receipt
      Given a payment of NOK 345.92 that is captured in full
      And the merchant has posted the receipt of a ride of NOK 345.92
      When the merchant posts the receipt of a ride of NOK 100.00
      Then the answer is 409
      And the order has the receipt of a ride of NOK 345.92

    @assumed
    Scenario: The same receipt once more
      Given a payment of NOK 345.92 that is captured in full
      And the merchant has posted the receipt of a ride of NOK 345.92
      When the merchant posts the receipt of a ride of NOK 345.92
      Then the answer is 409

    @assumed
    Scenario: A receipt that was refused can be corrected
      Given a payment of NOK 345.92 that is captured in full
      And the merchant has been refused a receipt without lines
      When the merchant posts the receipt of a ride of NOK 345.92
      Then the answer is 201

  @official
  Rule: A receipt reads as it was stored

    Scenario: After posting it
      Given the merchant has posted the receipt of a ride of NOK 345.92
      When the merchant reads the order
      Then the answer is 200
      And the order has the receipt of a ride of NOK 345.92

    Scenario: Nothing is stored
      When the merchant reads the order
      Then the answer is 404

    Scenario: A receipt sent with the request for money
      Given a payment of NOK 345.92 with the receipt of a ride
      When the merchant reads the order
      Then the order has the receipt of a ride of NOK 345.92

  Rule: A receipt sent with the request for money is the only one

    @assumed
    Scenario: Another one later
      Given a payment of NOK 345.92 with the receipt of a ride
      When the merchant posts the receipt of a ride of NOK 100.00
      Then the answer is 409
      And the order has the receipt of a ride of NOK 345.92

    @assumed
    Scenario: A refused request for money leaves none
      Given the merchant has been refused NOK 0.99 with the receipt of a ride
      When the merchant reads the order
      Then the answer is 404

  Rule: Receipts know nothing of payments

    @official
    Scenario: A receipt for a payment that was never made
      When the merchant posts the receipt of a ride of NOK 345.92
      Then the answer is 201

    @official
    Scenario: A receipt before approval
      Given a payment of NOK 345.92
      When the merchant posts the receipt of a ride of NOK 345.92
      Then the answer is 201
      And nothing has happened to the payment

    @observed
    Scenario: A receipt that is not the sum of the payment
      Given a payment of NOK 345.92 that is captured in full
      When the merchant posts the receipt of a ride of NOK 100.00
      Then the answer is 201

    @assumed
    Scenario: A charge may have the name of a payment
      Given the merchant has posted the receipt of a ride of NOK 345.92
      When the merchant posts the receipt of a ride of NOK 100.00 as recurring
      Then the answer is 201
      And the order has the receipt of a ride of NOK 345.92

    @observed
    Scenario: The kind of payment is read in any case
      When the merchant posts the receipt of a ride of NOK 345.92 as ECOM
      Then the answer is 201
      And the order has the receipt of a ride of NOK 345.92

  Rule: The lines of a receipt add up within themselves

    @observed
    Scenario: Tax that is not the difference
      When the merchant posts a receipt with "totalTaxAmount" of the first line set to 3705
      Then the answer is 400
      And nothing is stored for the order

    @observed
    Scenario: A tax rate and a tax percentage
      When the merchant posts a receipt with "taxPercentage" of the first line set to 12
      Then the answer is 400 and says "Both tax rate and tax percentage set"
      And nothing is stored for the order

    @assumed
    Scenario Outline: A line with <case>
      When the merchant posts a receipt with "<field>" of the first line set to <value>
      Then the answer is 400
      And nothing is stored for the order

      Examples:
        | case                  | field       | value                                                       |
        | no rate at all        | taxRate     | nothing                                                     |
        | a rate over 100 %     | taxRate     | 10001                                                       |
        | no name               | name        | nothing                                                     |
        | a total as text       | totalAmount | "34592"                                                     |
        | a quantity as number  | unitInfo    | {"unitPrice":1220,"quantity":8.2,"quantityUnit":"KM"}       |
        | a quantity with comma | unitInfo    | {"unitPrice":1220,"quantity":"8,2","quantityUnit":"KM"}     |
        | a unit that is none   | unitInfo    | {"unitPrice":1220,"quantity":"8.2","quantityUnit":"LEAGUE"} |

    @assumed
    Scenario: No lines
      When the merchant posts a receipt without lines
      Then the answer is 400
      And nothing is stored for the order

    @assumed
    Scenario: A line of nothing may leave the tax out
      When the merchant posts a receipt whose first line has:
        | member                  | value   |
        | totalAmount             | 0       |
        | totalAmountExcludingTax | 0       |
        | totalTaxAmount          | 0       |
        | taxRate                 | nothing |
      Then the answer is 201

    @official
    Scenario: A tax percentage in place of a rate
      When the merchant posts a receipt whose first line has:
        | member        | value   |
        | taxRate       | nothing |
        | taxPercentage | 12      |
      Then the answer is 201

    @observed
    Scenario: A rate that does not fit the sums
      When the merchant posts a receipt with "taxRate" of the first line set to 2500
      Then the answer is 201

    @official
    Scenario: Distance and time
      When the merchant posts a receipt with "unitInfo" of the first line set to {"unitPrice":1220,"quantity":"8.2","quantityUnit":"KM"}
      Then the answer is 201

  Rule: A line may take money away

    @official
    Scenario: A return is written as a line and marked
      When the merchant posts a receipt with "isReturn" of the first line set to true
      Then the answer is 201

    @assumed
    Scenario: A line that is negative by itself
      When the merchant posts a receipt whose first line has:
        | member                  | value  |
        | totalAmount             | -11200 |
        | totalAmountExcludingTax | -10000 |
        | totalTaxAmount          | -1200  |
      Then the answer is 201

    @official
    Scenario: A discount that is negative
      When the merchant posts a receipt with "discount" of the first line set to -1
      Then the answer is 400
      And the answer names the parameter "OrderLines[0].Discount"

  @official
  Rule: The bottom line says what is true of the whole sale

    Scenario Outline: <case>
      When the merchant posts a receipt with "<member>" of the bottom line set to <value>
      Then the answer is 201

      Examples:
        | case                   | member         | value                                             |
        | a tip                  | tipAmount      | 3459                                              |
        | other payment sources  | paymentSources | {"giftCard":100,"card":0,"voucher":null,"cash":5} |
        | a barcode with letters | barcode        | {"format":"CODE 39","data":"SC0527013501 "}       |
        | a barcode of any digits | barcode       | {"format":"EAN-13","data":"123456"}               |
        | a receipt number       | receiptNumber  | "0527013501"                                      |
        | an old terminal id     | terminalId     | "woocommerce"                                     |
        | an old gift card       | giftCardAmount | 0                                                 |
        | an old total           | totalAmount    | 1                                                 |

    Scenario Outline: <case>
      When the merchant posts a receipt with "<member>" of the bottom line set to <value>
      Then the answer names the parameter "<parameter>"
      And nothing is stored for the order

      Examples:
        | case                         | member         | value                        | parameter                  |
        | no currency                  | currency       | nothing                      | BottomLine.Currency        |
        | a currency no receipt has    | currency       | "SEK"                        | BottomLine.Currency        |
        | a negative tip               | tipAmount      | -1                           | BottomLine.TipAmount       |
        | a format that is none        | barcode        | {"format":"QR","data":"1"}   | BottomLine.Barcode.Format  |
        | a barcode that says nothing  | barcode        | {"format":"EAN-13"}          | BottomLine.Barcode.Data    |
        | a source with decimals       | paymentSources | {"cash":1.5}                 | BottomLine.PaymentSources.Cash |
        | a negative gift card of old  | giftCardAmount | -1                           | BottomLine.GiftCardAmount  |

  Rule: A call carries the number of its sales unit, and needs no key

    @assumed
    Scenario: Without the number
      When the merchant posts the receipt of a ride of NOK 345.92 without the header "Merchant-Serial-Number"
      Then the answer names the parameter "Merchant-Serial-Number"

    @assumed
    Scenario: A key is sent all the same
      When the merchant posts the receipt of a ride of NOK 345.92 with the key "harmless"
      Then the answer is 201

    @official
    Scenario: The longest name of a system
      When the merchant posts the receipt of a ride of NOK 345.92 with a system name of 100 letters
      Then the answer is 201

    @assumed
    Scenario: A longer name of a system
      When the merchant posts the receipt of a ride of NOK 345.92 with a system name of 101 letters
      Then the answer names the parameter "Vipps-System-Name"

  @assumed
  Rule: An order is named by the letters the API knows

    Scenario: A name with a space
      When the merchant posts a receipt for the order "ride%200001"
      Then the answer is 400
