#pragma once

#include <ATen/core/Tensor.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace kiln {

// One of the processes that train a model together, as PyTorch's launchers describe it in the environment (torchrun, and whatever
// sets the same variables).
struct ProcessPlace {
  int rank = 0;         // RANK
  int size = 1;         // WORLD_SIZE
  int local_rank = 0;   // LOCAL_RANK: among those of this machine
  int local_size = 1;   // LOCAL_WORLD_SIZE
  std::string address;  // MASTER_ADDR, MASTER_PORT: where they meet
  int port = 0;
  bool launcher_serves = false;  // TORCHELASTIC_USE_AGENT_STORE: the launcher keeps the store there, and not rank 0
  int attempt = 0;               // TORCHELASTIC_RESTART_COUNT
};

// variable: its value, or null. Nothing where WORLD_SIZE and RANK are not set. Throws Failure(kInvalidArgument) for values that
// make no sense.
std::optional<ProcessPlace> process_place(const std::function<const char*(const char*)>& variable);
// Of this process.
std::optional<ProcessPlace> process_place();

std::string host_name();  // of this machine

// What the processes do together. Every one calls the same functions in the same order.
class ProcessGroup {
 public:
  virtual ~ProcessGroup() = default;

  const ProcessPlace& place() const { return place_; }
  int rank() const { return place_.rank; }
  int size() const { return place_.size; }

  // Every element becomes the sum over all processes, the same in all of them to the bit, and always the same for a number of
  // processes. Throws Failure where one is gone or has not come within the time; it says which.
  virtual void sum(at::Tensor& values) = 0;

 protected:
  explicit ProcessGroup(ProcessPlace place) : place_(std::move(place)) {}

 private:
  ProcessPlace place_;
};

// False in a build without c10d and Gloo.
bool has_process_groups();

constexpr std::chrono::seconds kProcessTimeout{600};

// Waits until all have come. By Gloo. Throws Failure: as sum; kUnsupported in a build without c10d.
std::shared_ptr<ProcessGroup> join_process_group(const ProcessPlace& place, std::chrono::milliseconds timeout = kProcessTimeout);

}  // namespace kiln
