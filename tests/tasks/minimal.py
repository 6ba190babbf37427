"""A task.yaml that says no more than it must."""

MINIMAL = """\
slug: roman
title: Roman numerals
classes: [i, ii]
recipe: resnet50-dcai2021
hidden_test: hidden.zip
"""
