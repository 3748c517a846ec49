# An image for jobs that need a shell and the program: GitLab CI starts its jobs in one.
FROM debian:stable-slim
COPY --from=registry.example.com/your-group/vipps-mock:0.1.0 /vipps-mock /usr/local/bin/vipps-mock
