"""How a zip arrives: resumable uploads by the open tus protocol, answered beside Django's own handler."""
