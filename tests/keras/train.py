"""Trains a Keras model on what `facehash features` wrote: python train.py FEATURES_DIR MODEL.keras

Prints the labels in the order of the model's outputs, as `POST /v1/models` wants them.
"""

import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

folder, target = sys.argv[1:3]
features = np.load(os.path.join(folder, "features.npy"))
with open(os.path.join(folder, "labels.json"), encoding="utf-8") as file:
    labels = json.load(file)
names = sorted(set(labels))
answers = np.array([names.index(label) for label in labels])

keras.utils.set_random_seed(1)
model = keras.Sequential(
    [
        keras.Input((features.shape[1],)),
        # Takes the place of scaling the features, and goes with the model. The default momentum of 0.99 would need a
        # thousand steps to learn what they are like.
        keras.layers.BatchNormalization(momentum=0.9),
        keras.layers.Dense(32, activation="tanh"),
        keras.layers.Dropout(0.2),
        # No softmax: a name is given where the largest output reaches the threshold, and shares would hide a stranger.
        keras.layers.Dense(len(names)),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(features, answers, epochs=200, batch_size=len(features), verbose=0)
model.save(target)
print(json.dumps(names))
