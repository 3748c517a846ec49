@assumed @mock-only
Feature: What the customer sees of a receipt
  The app adds the lines up itself. The mock shows what it would come to.

  Source: our own control API; the lines are those of the Order Management API description.

  Rule: Sums come from the lines

    Scenario: A ride
      Given a payment of NOK 345.92 with the receipt of a ride
      When the customer looks at the payment in the app
      Then the app shows the lines
      And "app.order.receipt.total" of the answer is 34592
      And "app.order.receipt.vat" of the answer is [{"rate":1200,"net":30886,"tax":3706}]

    Scenario: A return counts negative
      Given a payment of NOK 345.92
      And the merchant has posted a receipt whose first line has:
        | member   | value |
        | isReturn | true  |
      When the customer looks at the payment in the app
      Then "app.order.receipt.total" of the answer is -34592
      And "app.order.receipt.lines.0.kind" of the answer is "return"

  Rule: The app hides lines that do not come to what was paid

    Scenario: They come to what was captured
      Given a payment of NOK 345.92 that is captured in full
      And the merchant has posted the receipt of a ride of NOK 345.92
      When the customer looks at the payment in the app
      Then the app shows the lines

    Scenario: They do not
      Given a payment of NOK 345.92 that is captured in full
      And the merchant has posted the receipt of a ride of NOK 100.00
      When the customer looks at the payment in the app
      Then the app would hide the lines, because they come to "NOK 100.00" and "NOK 345.92" was paid

    Scenario: Nothing is captured yet, so nobody knows
      Given a payment of NOK 345.92
      And the merchant has posted the receipt of a ride of NOK 100.00
      When the customer looks at the payment in the app
      Then the app shows the lines

    Scenario: A receipt that came with the request is about its amount
      Given a payment of NOK 500.00 with the receipt of a ride of NOK 345.92
      When the customer looks at the payment in the app
      Then the app would hide the lines, because they come to "NOK 345.92" and "NOK 500.00" was paid

  Rule: A receipt that matches no payment is seen by nobody

    Scenario: It is listed
      Given a payment of NOK 345.92 with the receipt of a ride
      And a receipt for the order "mistyped-1"
      When the tester lists the receipts that match no payment
      Then one receipt is listed, that of "mistyped-1"

  Rule: A receipt is a page to print

    Scenario: It is opened
      Given a payment of NOK 345.92 with the receipt of a ride
      When the tester opens the page of the receipt
      Then the answer is 200 and says "345.92"

    Scenario: It has no payment
      Given the merchant has posted the receipt of a ride of NOK 345.92
      When the tester opens the page of the receipt
      Then the answer is 200 and says "No payment has this name"

    Scenario: There is none
      When the tester opens the page of the receipt
      Then the control API refuses with 404

  Rule: An uploaded image can be looked at

    Scenario: It was uploaded
      Given the merchant has uploaded a JPEG of 200 pixels as "logo-1"
      When the tester opens the image "logo-1"
      Then the answer is 200

    Scenario: It was not
      When the tester opens the image "logo-1"
      Then the control API refuses with 404
