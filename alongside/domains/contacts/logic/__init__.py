"""Pure computation about contacts: browsers in words, tables of contacts."""

from alongside.domains.contacts.logic.devices import Device as Device
from alongside.domains.contacts.logic.devices import describe_device as describe_device
