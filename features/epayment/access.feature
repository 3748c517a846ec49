Feature: Who may call
  The gateway in front of the API lets nobody in without a subscription key and a token.

  Source: API guides, HTTP headers and response codes; the gateway's bodies as seen on the wire.

  @official
  Rule: Both keys are needed, and the gateway answers in its own words

    Scenario: No subscription key
      When the merchant reads a payment without the header "Ocp-Apim-Subscription-Key"
      Then the answer is 401 and reads:
        """
        { "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API." }
        """

    Scenario: A wrong subscription key
      When the merchant reads a payment with the header "Ocp-Apim-Subscription-Key" set to "00000000000000000000000000000000"
      Then the answer is 401 and reads:
        """
        { "statusCode": 401, "message": "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription." }
        """

    Scenario Outline: <case>
      When the merchant reads a payment with the header "Authorization" set to "<value>"
      Then the answer is 401 and reads:
        """
        {"responseInfo":{"responseCode":401,"responseMessage":"Something went wrong, please try again later."},"result":{"message":"Something went wrong, please try again later."}}
        """

      Examples:
        | case                        | value          |
        | A token that is none        | Bearer invalid |
        | Another kind of credentials | Basic aW52YWxp |

    Scenario: No token
      When the merchant reads a payment without the header "Authorization"
      Then the answer is 401 and reads:
        """
        {"responseInfo":{"responseCode":401,"responseMessage":"Something went wrong, please try again later."},"result":{"message":"Something went wrong, please try again later."}}
        """

    @mock-only
    Scenario: A token that has run out
      Given a payment of NOK 345.92 that is approved
      And 61 minutes have passed
      When the merchant reads the payment with its old token
      Then the answer is 401

  Rule: A sales unit sees its own payments only

    @official
    Scenario: Another unit's payment
      Given a payment of NOK 345.92
      When another merchant reads the payment
      Then the request is refused with 5090 "Reference not found"

    @official
    Scenario: The token of another unit
      Given a payment of NOK 345.92
      When the merchant reads the payment with the token of another merchant
      Then the answer is 401

    @official
    Scenario: Two units use one reference
      Given a payment of NOK 345.92
      When another merchant asks for NOK 100.00 with the same reference
      Then the request is accepted
      And nothing has happened to the payment

  @official
  Rule: A path that is none is the gateway's business

    Scenario: A misspelt path
      When the merchant reads the path "/epayment/v1/paiments"
      Then the answer is 404
      And "responseInfo.responseCode" of the answer is 404
