#!/bin/sh
# `rasa.sh train`: train the project in nlu/rasa, unless that was done with the same files.
# `rasa.sh serve PORT`: serve what was trained on this machine alone.
# `rasa.sh validate`: let Rasa look for mistakes in the project.
set -eu
cd "$(dirname "$0")/.."
folder=$PWD/.rasa

# Nothing is told to Rasa's makers, and no intermediate result is kept: the cache would double the time and the space.
export RASA_TELEMETRY_ENABLED=false RASA_MAX_CACHE_SIZE=0
# TensorFlow, which Rasa loads and this pipeline does not use, would fill the screen.
export TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1 PYTHONWARNINGS=ignore

mark() { cat requirements/rasa.txt nlu/rasa/*.yml nlu/rasa/data/nlu/*.yml | cksum; }

case ${1:-} in
train)
    now=$(mark)
    if [ -f "$folder/models/plainline.tar.gz" ] && [ "$(cat "$folder/trained" 2>/dev/null)" = "$now" ]; then
        echo "Rasa has learnt from these sentences already."
        exit 0
    fi
    rm -f "$folder/trained"
    cd nlu/rasa
    "$folder/venv/bin/rasa" train nlu --out "$folder/models" --fixed-model-name plainline
    echo "$now" >"$folder/trained"
    ;;
serve)
    cd nlu/rasa
    exec "$folder/venv/bin/rasa" run --enable-api --interface 127.0.0.1 --port "$2" \
        --model "$folder/models/plainline.tar.gz"
    ;;
validate)
    cd nlu/rasa
    exec "$folder/venv/bin/rasa" data validate --fail-on-warnings
    ;;
*)
    echo "rasa.sh train, rasa.sh serve PORT or rasa.sh validate" >&2
    exit 2
    ;;
esac
