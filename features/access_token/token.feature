Feature: Getting an access token
  A merchant shows its three keys and gets a token for an hour.

  Source: Access token API guide; what it does not print, from replies shown in reports about client
  libraries.

  Rule: The answer is what the platform has always answered

    @official
    Scenario: The members of the answer
      When the merchant asks for an access token
      Then the answer is 200
      And the answer has the members token_type, expires_in, ext_expires_in, expires_on, not_before, resource, access_token
      And every member of the answer is text

    @observed
    Scenario: A token lasts an hour
      When the merchant asks for an access token
      Then "token_type" of the answer is "Bearer"
      And "expires_in" of the answer is "3599"

    @observed
    Scenario: The token says itself until when it is good
      When the merchant asks for an access token
      Then the token is a JWT of the merchant that lasts an hour

    @observed
    Scenario Outline: <case>
      When the merchant asks for an access token at <path> with the content type "<type>"
      Then the answer is 200

      Examples:
        | case                    | path             | type                              |
        | The path in other case  | /accessToken/get | application/json                  |
        | A form that is none     | /accesstoken/get | application/x-www-form-urlencoded |

    @official
    Scenario: Two tokens are good at a time
      Given the merchant has a token
      When the merchant asks for an access token
      Then both tokens are accepted

  Rule: Wrong keys are answered by whoever checks them

    @official
    Scenario: A wrong client id
      When the merchant asks for an access token with the header "client_id" set to "11111111-1111-4111-8111-111111111111"
      Then the answer is 400
      And "error" of the answer is "unauthorized_client"
      And "error_codes" of the answer is [700016]
      And the answer has the members error, error_description, error_codes, timestamp, trace_id, correlation_id, error_uri

    @assumed
    Scenario: A wrong client secret
      When the merchant asks for an access token with the header "client_secret" set to "not-the-secret"
      Then the answer is 401
      And "error" of the answer is "invalid_client"
      And "error_codes" of the answer is [7000215]

    @official
    Scenario: A wrong subscription key
      When the merchant asks for an access token with the header "Ocp-Apim-Subscription-Key" set to "00000000000000000000000000000000"
      Then the answer is 401 and reads:
        """
        { "statusCode": 401, "message": "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription." }
        """

    @official
    Scenario: No subscription key
      When the merchant asks for an access token without the header "Ocp-Apim-Subscription-Key"
      Then the answer is 401 and reads:
        """
        { "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API." }
        """
