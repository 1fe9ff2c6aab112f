"""How Staybook is built, deployed and run.

environments pythons package_index locks    what it is built and run with
packaging                                   a service's zip, and its stack
gateway watch templates pipeline            the stacks beside the services'
deployment                                  all of it, brought to a stage
engine local                                the engine, and what is run on one's own machine
operations                                  what an operator does to a stage
contracts openapi drawings                  documents that are made from the code
checks                                      what holds the sources to their rules
layout apps cloud endpoints template_files exclusive progress    what those share
"""
