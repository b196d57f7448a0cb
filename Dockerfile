# syntax=docker/dockerfile:1
# One image for both programs: `docker run customer360` is the API, `docker run customer360 silo` a silo of a cluster.
FROM node:22-slim AS node

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# The commit that is built, for GET /v1/cluster: there is no .git in the build.
ARG REVISION=unknown
WORKDIR /src
COPY . .
# The console is built with Node, which the SDK's image does not have.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
# They are compiled for the processor beforehand: a start takes 2.6 s of it instead of 4.9 (measured on 28 November 2026).
ARG COMPILED="--use-current-runtime --no-self-contained -p:PublishReadyToRun=true"
# Both programs go into one folder, since nearly all of their libraries are the same files.
RUN --mount=type=cache,target=/root/.nuget/packages --mount=type=cache,target=/root/.npm \
    dotnet publish silo -c Release -o /app $COMPILED -p:SourceRevisionId=$REVISION -p:UseAppHost=false \
    && dotnet publish api -c Release -o /app $COMPILED -p:SourceRevisionId=$REVISION -p:UseAppHost=false -p:RequireConsole=true

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS run
COPY --from=build /app /app
COPY deploy/customer360 /usr/local/bin/customer360
# $APP_UID is the user that the base image has for this, 1654.
RUN install -d -o $APP_UID -g $APP_UID /data
USER $APP_UID
WORKDIR /data
VOLUME /data
# The API and a silo answer for their health at the same port, so one check fits both. 11111 is for silos, 30000 for clients.
ENV ASPNETCORE_URLS=http://+:8360 \
    CUSTOMER360__CLUSTER__HEALTHPORT=8360 \
    CUSTOMER360__CLUSTER__SILOPORT=11111 \
    CUSTOMER360__CLUSTER__GATEWAYPORT=30000 \
    CUSTOMER360__DATA=/data
EXPOSE 8360 11111 30000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["customer360", "health"]
ENTRYPOINT ["customer360"]
CMD ["api"]
