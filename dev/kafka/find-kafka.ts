import { findJavaProgram, type JavaProgram, type JavaProgramOptions } from '../local/java-program.ts';
import { KAFKA_VERSION, kafkaJars } from './kafka-jars.ts';

const kafka: JavaProgram = {
  title: `Apache Kafka ${KAFKA_VERSION}`,
  folder: `kafka-${KAFKA_VERSION}`,
  program: 'kafka',
  // The arguments name the class: the broker, or one of its tools.
  command: '',
  jars: kafkaJars,
};

/** Returns the executable that runs any class of Kafka's, such as `kafka.Kafka`; throws as {@link findJavaProgram} does. */
export async function findKafka(options: JavaProgramOptions): Promise<string> {
  return await findJavaProgram(kafka, options);
}
