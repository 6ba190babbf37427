"""fixed_model beside the original: the Keras model of 2021, in an environment of its own."""
