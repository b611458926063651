// A receiver on a free port of 127.0.0.1 that takes whatever it is sent, and prints its URL.
const { createServer } = require("node:http");

const server = createServer((request, answer) => request.resume().on("end", () => answer.writeHead(204).end()));
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
