# vipps-mock and nothing else: no shell, no libraries, no certificates. docs/docker.md says how to run it.

# The version is rust-version in Cargo.toml.
FROM rust:1.95 AS build
WORKDIR /build
# Dependencies first, in a layer of their own that lasts until one of these files changes.
COPY Cargo.toml Cargo.lock ./
COPY tests/image/build-static.sh tests/image/
RUN tests/image/build-static.sh --dependencies
COPY . .
RUN cp "$(tests/image/build-static.sh)" /vipps-mock

FROM scratch
LABEL org.opencontainers.image.title="vipps-mock" \
      org.opencontainers.image.description="A local simulator of the Vipps MobilePay payment APIs. Not affiliated with Vipps MobilePay AS." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /vipps-mock /vipps-mock
# A user without a name: there is no /etc/passwd either.
USER 65532:65532
# Inside a container loopback is the container's own, and published ports do not lead there.
# Who may come in is decided by whoever publishes the port.
ENV VIPPS_MOCK_LISTEN=0.0.0.0:8080 VIPPS_MOCK_CONTROL_OPEN=true
EXPOSE 8080
HEALTHCHECK --interval=2s --timeout=3s --retries=10 CMD ["/vipps-mock", "health"]
ENTRYPOINT ["/vipps-mock"]
CMD ["serve"]
