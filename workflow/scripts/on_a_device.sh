# Gives a job one GPU to itself: rules/requests.smk puts it before the command of every job, for the shell to source.
#
# It looks for its mark in the script that the command runs, and does nothing without. A job that has it sees the one device that
# CUDA_VISIBLE_DEVICES names then, holds a lock on it that ends with its process, however that ends, and waits where every device is
# held, by this run or another of the same user. JOBS_PER_DEVICE=2 lets two share each. The devices are those of CUDA_VISIBLE_DEVICES,
# or all that nvidia-smi lists. A job of Slurm has been given its own already.

mark=gpu_of_its_own
script=${BASH_EXECUTION_STRING##*/.snakemake/scripts/}
script=.snakemake/scripts/${script%"'"}

take_device() {
  local folder=${HEADROOM_LOCKS:-/tmp/headroom_devices_$(id -u)} devices device turn
  devices=${CUDA_VISIBLE_DEVICES-$(nvidia-smi --query-gpu=index --format=csv,noheader 2>/dev/null || true)}
  mkdir -p "$folder"
  while [[ -n $devices ]]; do
    for turn in $(seq "${JOBS_PER_DEVICE:-1}"); do
      for device in ${devices//,/ }; do
        exec {held}>>"$folder/$device.$turn"
        if flock --nonblock "$held"; then
          export CUDA_VISIBLE_DEVICES=$device
          return
        fi
        exec {held}>&-
      done
    done
    sleep 0.5
  done
}

if [[ -z ${SLURM_JOB_ID:-} ]] && grep --quiet --text --no-messages "$mark" "$script"; then
  take_device
fi
