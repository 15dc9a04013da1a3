#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace kiln {

// Something on its way through a stream.
class StreamEvent {
 public:
  virtual ~StreamEvent() = default;
  virtual bool here() const = 0;
  virtual void wait() const = 0;
};

// A copy that will be in the host's memory.
class Download : public StreamEvent {
 public:
  virtual at::Tensor tensor() const = 0;  // waits
};

// Work for a device, done in order and, where the device is not the CPU, beside the thread that asks for it. One thread at a time.
class DeviceStream {
 public:
  virtual ~DeviceStream() = default;
  virtual c10::Device device() const = 0;

  // Tensors that `work` makes belong to the stream.
  virtual void run(const std::function<void()>& work) = 0;

  // `work` as something that can be repeated at little cost. It must do the same operations on the same memory every time, and is
  // tried first, each time after `reset`. Throws c10::Error where the device cannot record it.
  virtual std::function<void()> record(const std::function<void()>& work, const std::function<void()>& reset) = 0;

  // For what is computed on the stream that the calling thread uses otherwise: later work here waits for it, and what the thread
  // asks for there later waits for the work so far.
  virtual void wait_for_caller() = 0;
  virtual void caller_waits() = 0;

  // Copies from the host to `to`; `from` may change at once.
  virtual void upload(const at::Tensor& from, const at::Tensor& to) = 0;
  // What is in `from` after the work so far. Later work does not wait for it.
  virtual std::unique_ptr<Download> download(const at::Tensor& from) = 0;
  // Here when the work so far is done.
  virtual std::unique_ptr<StreamEvent> mark() = 0;
  // Waits for everything that the device was asked to do, in other streams too.
  virtual void wait_for_device() = 0;
};

using MakeStream = std::function<std::unique_ptr<DeviceStream>(c10::Device device)>;

// Null where there is no such device, or this is a build without CUDA.
std::unique_ptr<DeviceStream> make_cuda_stream(c10::Device device);

}  // namespace kiln
