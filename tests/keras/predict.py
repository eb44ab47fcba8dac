"""What a downloaded model says to features: python predict.py MODEL FEATURES.npy

MODEL is a .keras or an .h5. Prints the outputs, a row for each row of features, and what they stand for.
"""

import json
import os
import sys
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")

import h5py
import keras
import numpy as np

path, features = sys.argv[1:3]
model = keras.saving.load_model(path)
scores = model.predict(np.load(features), verbose=0)

if path.endswith(".keras"):
    with zipfile.ZipFile(path) as archive:
        about = json.loads(archive.read("facehash.json"))
else:
    with h5py.File(path) as file:
        about = json.loads(file.attrs["facehash"])

print(json.dumps({"scores": scores.tolist(), "about": about}))
