#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

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

// What the processes do together. Every one calls the same functions in the same order, one thread at a time.
class ProcessGroup {
 public:
  virtual ~ProcessGroup() = default;

  const ProcessPlace& place() const { return place_; }
  int rank() const { return place_.rank; }
  int size() const { return place_.size; }

  // Waits for what was begun. Throws Failure where a process is gone or has not come within the time; it says which.
  using Wait = std::function<void()>;

  // Begins a sum and returns what waits for it; several may be under way. Every element of `values`, contiguous, becomes the sum
  // over all processes, the same in all of them to the bit, and always the same for a number of processes.
  virtual Wait begin_sum(const at::Tensor& values) = 0;
  void sum(at::Tensor& values) { begin_sum(values)(); }

  // [size() · n] each, contiguous, of types of 16 bits: part r of `parts` goes to process r, and part r of `received` comes from
  // it.
  virtual Wait begin_exchange(const at::Tensor& received, const at::Tensor& parts) = 0;
  // Part r of `all` [size() · n] becomes process r's `own` [n]. Contiguous, of types of 16 bits.
  virtual Wait begin_gather(const at::Tensor& all, const at::Tensor& own) = 0;

 protected:
  explicit ProcessGroup(ProcessPlace place) : place_(std::move(place)) {}

 private:
  ProcessPlace place_;
};

// False in a build without c10d and Gloo; without c10d's NCCL.
bool has_process_groups();
bool has_nccl();

// What carries the processes' tensors. Gloo works on the CPU, and tensors of a GPU go through its memory; NCCL on GPUs alone.
inline constexpr const char* kAutoBackend = "auto";
inline constexpr const char* kGloo = "gloo";
inline constexpr const char* kNccl = "nccl";

// kGloo or kNccl, which kAutoBackend takes for GPUs where this build has it. Throws Failure: kInvalidArgument for other names and
// for NCCL on the CPU, kUnsupported in a build without it.
std::string backend_for(const std::string& asked, c10::Device device);

constexpr std::chrono::seconds kProcessTimeout{600};

struct ProcessGroupOptions {
  std::chrono::milliseconds timeout = kProcessTimeout;  // for meeting, and for each sum
  std::string backend = kAutoBackend;
  c10::Device device = c10::kCPU;  // of the tensors that are summed
};

// Waits until all have come. Throws Failure: as Wait and backend_for; kUnsupported in a build without c10d.
std::shared_ptr<ProcessGroup> join_process_group(const ProcessPlace& place, const ProcessGroupOptions& options = {});

}  // namespace kiln
